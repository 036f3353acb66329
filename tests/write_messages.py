"""Takes the texts of all pages from the code into locale/de, and compiles their German. What has
none yet is printed.
"""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"


def main() -> None:
    django.setup()
    from tests.support import translations

    catalogue = translations.german()
    catalogue.update(translations.texts(), no_fuzzy_matching=True)
    translations.write(catalogue)
    missing = [each.id for each in catalogue if each.id and not each.string]
    sys.stdout.write("".join(f"No German yet: {text!r}\n" for text in missing))


if __name__ == "__main__":
    main()
