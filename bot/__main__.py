"""`python -m bot` is the command `partnerline`."""

from bot.cli.app import main

if __name__ == "__main__":
    main()
