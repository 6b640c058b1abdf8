"""A KDL 2.0 reader of our own: positions, every problem of a text at once, plain records.

tree-sitter-kdl 2.0.0 lets 16 of the 168 wrong inputs of KDL's official suite pass and says nothing about
the rest but "error"; this reader agrees with all 336 inputs and needs no compiled grammar at start-up.
"""

from layouts.kdl.reader import Document, SyntaxProblem, read
from layouts.kdl.syntax import SyntaxNode, Value

__all__ = ["Document", "SyntaxNode", "SyntaxProblem", "Value", "read"]
