/* A disk without room: while the folder FULL_DISK holds a file `full`, no file below it grows. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int is_below(int file, const char *folder)
{
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    return length > 0 && strncmp(path, folder, strlen(folder)) == 0;
}

static int has_no_room(int file, off_t end)
{
    struct stat told;
    char mark[PATH_MAX];
    const char *folder = getenv("FULL_DISK");
    if (!folder)
        return 0;
    snprintf(mark, sizeof mark, "%s/full", folder);
    return access(mark, F_OK) == 0 && fstat(file, &told) == 0 && S_ISREG(told.st_mode)
        && end > told.st_size && is_below(file, folder);
}

static off_t length_of(const struct iovec *parts, int count)
{
    off_t length = 0;
    while (count-- > 0)
        length += parts[count].iov_len;
    return length;
}

#define REFUSE_IF(full) if (full) { errno = ENOSPC; return -1; }

ssize_t write(int file, const void *data, size_t size)
{
    off_t at = lseek(file, 0, SEEK_CUR);
    REFUSE_IF(at >= 0 && has_no_room(file, at + size));
    return REAL(write)(file, data, size);
}

ssize_t pwrite(int file, const void *data, size_t size, off_t at)
{
    REFUSE_IF(has_no_room(file, at + size));
    return REAL(pwrite)(file, data, size, at);
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t at)
{
    return pwrite(file, data, size, at);
}

ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at)
{
    REFUSE_IF(has_no_room(file, at + length_of(parts, count)));
    return REAL(pwritev)(file, parts, count, at);
}

ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t at)
{
    return pwritev(file, parts, count, at);
}

int posix_fallocate(int file, off_t at, off_t size)
{
    return has_no_room(file, at + size) ? ENOSPC : REAL(posix_fallocate)(file, at, size);
}

int posix_fallocate64(int file, off64_t at, off64_t size)
{
    return posix_fallocate(file, at, size);
}
