"""Rows on paper: pages with the headings repeated, into a PDF file or to a printer."""
