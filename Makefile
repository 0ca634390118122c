# The verbs that people type. No logic here: it lives in .ci/ and in the programs themselves.
.PHONY: demo test build check fmt bench doctor selftest clean

demo:     ; @.ci/demo
test:     ; @.ci/test
build:    ; @.ci/build
check:    ; @.ci/run
fmt:      ; @swift format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks
bench:    build ; @.build/release/orket bench
doctor:   build ; @.build/release/orket doctor
selftest: build ; @.build/release/orket selftest
clean:    ; @rm -rf .build
