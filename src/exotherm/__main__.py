"""Running the package is running the command: ``python -m exotherm``."""

from exotherm.cli.main import main

if __name__ == "__main__":
    main()
