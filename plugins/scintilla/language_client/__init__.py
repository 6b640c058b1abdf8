"""The client of language servers: processes that know a language, spoken with by the Language Server Protocol."""
