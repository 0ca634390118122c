#!/usr/bin/env python3
"""Reads envelopes, one a line, and says of each what others make of it: securesystemslib checks the signature with the
public key given in hex, in-toto-attestation the statement and the predicates that it knows.

    verify_receipt.py KEYID PUBLIC_KEY_HEX < RECEIPT

One line a line: `accepted PREDICATE_TYPE`, or `refused REASON`.
"""
import json
import sys

from google.protobuf import json_format
from in_toto_attestation.predicates.test_result.v0.test_result_pb2 import TestResult
from in_toto_attestation.predicates.vsa.v1.vsa_pb2 import VerificationSummary
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey


def check(line, key):
    envelope = Envelope.from_dict(json.loads(line))
    envelope.verify([key], 1)
    if envelope.payload_type != "application/vnd.in-toto+json":
        raise ValueError("another payload type")
    document = json.loads(envelope.payload)
    # Strict: a field that the published statement does not have is an error.
    message = json_format.ParseDict(document, statement_pb2.Statement())
    statement = Statement.copy_from_pb(message)
    statement.validate()
    predicate, kind = document["predicate"], document["predicateType"]
    if kind == "https://in-toto.io/attestation/test-result/v0.1":
        result = json_format.ParseDict(predicate, TestResult())
        for descriptor in result.configuration:
            ResourceDescriptor.copy_from_pb(descriptor).validate()
        if result.result not in ("PASSED", "WARNED", "FAILED") or not result.configuration:
            raise ValueError("no test result")
    elif kind == "https://slsa.dev/verification_summary/v1":
        # A list by the specification; the message of in-toto-attestation 0.9.3 has one text. Nor does it know the
        # verifier's version and extensions.
        levels = predicate.pop("verifiedLevels")
        summary = json_format.ParseDict(predicate, VerificationSummary(), ignore_unknown_fields=True)
        required = [summary.verifier.id, summary.resource_uri, summary.policy.uri, summary.time_verified.seconds]
        if not all(required) or summary.verification_result not in ("PASSED", "FAILED"):
            raise ValueError("no verification summary")
        if not levels or not all(isinstance(level, str) for level in levels):
            raise ValueError("no verified levels")
    return kind


def main():
    keyid, public = sys.argv[1:]
    key = SSlibKey(keyid, "ed25519", "ed25519", {"public": public})
    for line in sys.stdin.buffer.read().split(b"\n")[:-1]:
        try:
            print("accepted", check(line, key))
        except Exception as error:  # whatever they raise is a refusal
            print("refused", type(error).__name__, flush=True)


main()
