"""Native libraries that an app brings: described in its ``app.toml``, resolved and looked through when it is published,
loaded for it alone, each exactly the file of its release.

``elf`` reads one without running it, ``check`` says what is wrong with it, ``description`` is what app.toml and
manifests say, ``resolve`` picks a consistent set, ``release`` does all that, ``load`` brings them into the process.
"""
