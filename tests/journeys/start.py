"""Run by office.py in a process of its own: migrate, load the sample, print the passwords as JSON."""

from __future__ import annotations

import json

import django

if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command
    from kondusif_web.drill.actions import load_sample

    call_command("migrate", verbosity=0)
    print(json.dumps(load_sample()))
