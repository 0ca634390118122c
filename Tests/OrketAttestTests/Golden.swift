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
        + #"tedAt":"2026-11-18T11:06:40.000Z","totalMicroseconds":120000},"usage":{"cpuMetric":"cpuacct.usage",""#
        + #"cpuMicroseconds":7000,"memoryMetric":"memory.peak","memoryPeakBytes":4096,"processesPeak":2,"wallMic"#
        + #"roseconds":12500},"verifier":{"digest":{"sha256":"18207322a316c89ebee0011ba3fd3dd55df8a18529649c14d5"#
        + #"f232ab6079fa85"},"id":"https://orket.dev/verifier","version":"0.1.0"}},"predicateType":"https://orke"#
        + #"t.dev/attestation/enforcement/v1","subject":[{"digest":{"sha256":"dda18a0e21ae47c53b4309434cbc02ae8b"#
        + #"f764fa83a6defbb719431242722aa7"},"name":"candidate"}]}"#

    static let testResult =
        #"{"_type":"https://in-toto.io/Statement/v1","predicate":{"configuration":[{"digest":{"sha256":"0015af"#
        + #"81d4ae2d42be9d23f09be0023cdbffc0ccb22b8f2722c008d155a2b934"},"name":"enforcement"},{"annotations":{""#
        + #"name":"good-c"},"digest":{"sha256":"fffcef41b10d898fb6178dbbb8e8775b005cab25e88bdd3bdc579a4e229e95bd"#
        + #""},"name":"fixture"},{"annotations":{"name":"toolchains/c"},"digest":{"sha256":"bdc9df7902bd30840106"#
        + #"e3fbdfbb5ca3f42b5391954c9918a888f195f35827c4"},"name":"policy"},{"digest":{"sha256":"64879f7d6b960a0"#
        + #"1909762d911a32d4582c20010c5641ee90278b644a9e3b525"},"name":"plan-1"}],"failedTests":[],"passedTests""#
        + #":[],"result":"PASSED"},"predicateType":"https://in-toto.io/attestation/test-result/v0.1","subject":["#
        + #"{"digest":{"sha256":"dda18a0e21ae47c53b4309434cbc02ae8bf764fa83a6defbb719431242722aa7"},"name":"cand"#
        + #"idate"}]}"#

    /// SHA-256 of the two in their envelopes, each with a newline.
    static let receiptDigest = "97a792dab62e5ccf5b38fded8712e492f15807feb948be8e872b51de1c48d140"

    /// A decision on that receipt.
    static let decision =
        #"{"_type":"https://in-toto.io/Statement/v1","predicate":{"https://orket.dev/attestation/gate/v1#reaso"#
        + #"ns":[],"inputAttestations":[{"digest":{"sha256":"97a792dab62e5ccf5b38fded8712e492f15807feb948be8e872"#
        + #"b51de1c48d140"},"uri":"urn:orket:receipt:97a792dab62e5ccf5b38fded8712e492f15807feb948be8e872b51de1c4"#
        + #"8d140"}],"policy":{"digest":{"sha256":"c974e17b8e7321ce8c12983de3d0ed4a289821f579bbe0925b0181a4bc8e8"#
        + #"d80"},"uri":"urn:orket:policy:gate"},"resourceUri":"orket:issue/7","timeVerified":"2026-11-18T11:06:"#
        + #"40.000Z","verificationResult":"PASSED","verifiedLevels":["ORKET_ASSURANCE_BLACKBOX","ORKET_ISOLATION"#
        + #"_LEVEL_4"],"verifier":{"id":"https://orket.dev/verifier","version":{"orket":"0.1.0"}}},"predicateTyp"#
        + #"e":"https://slsa.dev/verification_summary/v1","subject":[{"digest":{"sha256":"dda18a0e21ae47c53b4309"#
        + #"434cbc02ae8bf764fa83a6defbb719431242722aa7"},"name":"candidate"}]}"#

    /// Of one record.
    static let chainHash = "7e15bc3e18a4a0554e8fb3974687002b1a837e662c1a1ed08d43ed7ea58638f1"
}
