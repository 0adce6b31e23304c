//! Load generator and bare loops: what loquat bench runs.
