# `make run` is the first hour in one command. Without make: python3 -m tools.setup run. Extra arguments: make run ARGS="--port 9000"
PYTHON ?= python3
.PHONY: setup run test dev check bench
setup run test dev check bench: ; @$(PYTHON) -m tools.setup $@ $(ARGS)
