"""Wheels that an app brings: looked through when it is published, imported from its release, for that app alone.

``archive`` reads one, ``check`` says what is wrong with it, ``pins`` which ones an app wants, ``choice`` which of them
fit this machine, ``mount`` makes them importable. Nothing of a wheel is ever installed.
"""
