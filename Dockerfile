# One image for every process of the Procfile; its command is `web`. docs/containers.md says how to build and run it.
ARG PYTHON=3.11.14-slim-bookworm

FROM python:${PYTHON} AS packages
COPY requirements.txt /requirements.txt
RUN python -m venv /venv
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /requirements.txt

FROM python:${PYTHON}
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin messaging
RUN install -d -o 10001 -g 10001 -m 700 /media
COPY --from=packages /venv /venv
COPY . /app
WORKDIR /app
ENV PATH=/venv/bin:/usr/local/bin:/usr/bin:/bin PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORT=8000 MEDIA_ROOT=/media
USER 10001:10001
EXPOSE 8000
# Of `web` alone: where the image runs another process, this check is to be turned off.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/health', timeout=4)"]
CMD ["gunicorn", "config.wsgi", "--preload", "--worker-class", "config.server.worker.BufferedWorker", "--workers", "2", "--threads", "12", "--timeout", "60", "--graceful-timeout", "8", "--no-control-socket", "--forwarder-headers="]
