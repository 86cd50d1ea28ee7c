PLATFORM := aarch64
