"""The command line: each command in a module of its own, each thin; what is printed is drawn in `render_*`."""
