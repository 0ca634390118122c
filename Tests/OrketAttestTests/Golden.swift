/// What fixed keys and facts give, byte for byte: written by another program, with the JSON of Python and the signatures of
/// openssl.
enum Golden {
    /// Of the payload `hello world`.
    static let envelope =
        #"{"payload":"aGVsbG8gd29ybGQ=","payloadType":"http://example.com/HelloWorld","signatures":[{"keyid":""#
        + #"a050837d85070582ccf7394b0988847cc312cb88259b894899f6f239cf1791a5","sig":"FDBuhhGZHrQaLnHA+xYDozNBKtO"#
        + #"RTT3EFhGJXczChh8PCqB471sDESzy2zguMGQOk8D+Ij2hb/eoUkqxc/qgCg=="}]}"#

    /// The statements of `Samples.facts()`.
    static let enforcement =
        #"{"_type":"https://in-toto.io/Statement/v1","predicate":{"assurance":"blackbox","fixture":{"digest":{"#
        + #""sha256":"fffcef41b10d898fb6178dbbb8e8775b005cab25e88bdd3bdc579a4e229e95bd"},"name":"good-c"},"kerne"#
        + #"l":"6.1.0","limits":{"cpuMs":10000,"diskBytes":134217728,"fsizeBytes":67108864,"idleMs":null,"inodes"#
        + #"":16384,"memoryBytes":268435456,"nofile":256,"outputBytes":16777216,"pids":64,"wallMs":10000},"outco"#
        + #"me":"passed","policy":{"digest":{"sha256":"bdc9df7902bd30840106e3fbdfbb5ca3f42b5391954c9918a888f195f"#
        + #"35827c4"},"name":"toolchains/c"},"reasons":[],"sandboxes":[{"degraded":["landlock"],"level":4,"mecha"#
        + #"nisms":{"capEff":"0000000000000000","seccompMode":"2"},"plan":"64879f7d6b960a01909762d911a32d4582c20"#
        + #"010c5641ee90278b644a9e3b525"}],"timings":{"compileMicroseconds":100000,"runMicroseconds":12500,"star"#
        + #"tedAtMs":1795000000000,"totalMicroseconds":120000},"usage":{"cpuMetric":"cpuacct.usage","cpuMicrosec"#
        + #"onds":7000,"memoryMetric":"memory.peak","memoryPeakBytes":4096,"processesPeak":2,"wallMicroseconds":"#
        + #"12500},"verifier":{"digest":{"sha256":"18207322a316c89ebee0011ba3fd3dd55df8a18529649c14d5f232ab6079f"#
        + #"a85"},"id":"https://orket.dev/verifier","version":"0.1.0"}},"predicateType":"https://orket.dev/attes"#
        + #"tation/enforcement/v1","subject":[{"digest":{"sha256":"dda18a0e21ae47c53b4309434cbc02ae8bf764fa83a6d"#
        + #"efbb719431242722aa7"},"name":"candidate"}]}"#

    static let testResult =
        #"{"_type":"https://in-toto.io/Statement/v1","predicate":{"configuration":[{"digest":{"sha256":"2b8a63"#
        + #"390aad3058343704864046d00eee66f8a9b2be534f0f9f0432932e7fae"},"name":"enforcement"},{"annotations":{""#
        + #"name":"good-c"},"digest":{"sha256":"fffcef41b10d898fb6178dbbb8e8775b005cab25e88bdd3bdc579a4e229e95bd"#
        + #""},"name":"fixture"},{"annotations":{"name":"toolchains/c"},"digest":{"sha256":"bdc9df7902bd30840106"#
        + #"e3fbdfbb5ca3f42b5391954c9918a888f195f35827c4"},"name":"policy"},{"digest":{"sha256":"64879f7d6b960a0"#
        + #"1909762d911a32d4582c20010c5641ee90278b644a9e3b525"},"name":"plan-1"}],"failedTests":[],"passedTests""#
        + #":[],"result":"PASSED"},"predicateType":"https://in-toto.io/attestation/test-result/v0.1","subject":["#
        + #"{"digest":{"sha256":"dda18a0e21ae47c53b4309434cbc02ae8bf764fa83a6defbb719431242722aa7"},"name":"cand"#
        + #"idate"}]}"#

    /// SHA-256 of the two in their envelopes, each with a newline.
    static let receiptDigest = "f5295baf9779cf9cbb0a3b8ddbfec1762ed6d5b30c635c444cc27866d244b4e3"

    /// A decision on that receipt.
    static let decision =
        #"{"_type":"https://in-toto.io/Statement/v1","predicate":{"https://orket.dev/attestation/gate/v1#reaso"#
        + #"ns":[],"inputAttestations":[{"digest":{"sha256":"f5295baf9779cf9cbb0a3b8ddbfec1762ed6d5b30c635c444cc"#
        + #"27866d244b4e3"},"uri":"urn:orket:receipt:f5295baf9779cf9cbb0a3b8ddbfec1762ed6d5b30c635c444cc27866d24"#
        + #"4b4e3"}],"policy":{"digest":{"sha256":"c974e17b8e7321ce8c12983de3d0ed4a289821f579bbe0925b0181a4bc8e8"#
        + #"d80"},"uri":"urn:orket:policy:gate"},"resourceUri":"orket:issue/7","timeVerified":"2026-11-25T07:19:"#
        + #"44Z","verificationResult":"PASSED","verifiedLevels":["ORKET_ASSURANCE_BLACKBOX","ORKET_ISOLATION_LEV"#
        + #"EL_4"],"verifier":{"id":"https://orket.dev/verifier","version":{"orket":"0.1.0"}}},"predicateType":""#
        + #"https://slsa.dev/verification_summary/v1","subject":[{"digest":{"sha256":"dda18a0e21ae47c53b4309434c"#
        + #"bc02ae8bf764fa83a6defbb719431242722aa7"},"name":"candidate"}]}"#

    /// Of one record.
    static let chainHash = "7e15bc3e18a4a0554e8fb3974687002b1a837e662c1a1ed08d43ed7ea58638f1"
}
