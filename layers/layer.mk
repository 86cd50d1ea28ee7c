# What `sam build` runs for a layer, in the folder of the platform that Lambda will run it on: the wheels of its
# requirements.txt, with byte code. Python's own byte code names its source's date, and SAM dates every file 1980: each cold
# start would compile everything anew. Byte code with unchecked hashes is valid whatever the date.
include platform.mk

LAMBDA_PYTHON ?= python3.13
LAYER := $(dir $(abspath $(firstword $(MAKEFILE_LIST))))

build-%:
	$(LAMBDA_PYTHON) -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes --only-binary :all: \
	  --platform manylinux_2_28_$(PLATFORM) --platform manylinux_2_17_$(PLATFORM) --platform manylinux2014_$(PLATFORM) \
	  --implementation cp --target "$(ARTIFACTS_DIR)/python" --requirement "$(LAYER)requirements.txt"
	rm -rf "$(ARTIFACTS_DIR)"/python/bin "$(ARTIFACTS_DIR)"/python/numpy/tests "$(ARTIFACTS_DIR)"/python/numpy/*/tests
	$(LAMBDA_PYTHON) -m compileall -q --invalidation-mode unchecked-hash -s "$(ARTIFACTS_DIR)" -p /opt "$(ARTIFACTS_DIR)/python"
