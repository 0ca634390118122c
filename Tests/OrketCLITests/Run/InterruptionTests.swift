import Glibc
import OrketCLI
import OrketCore
import Testing

@Suite("What signals to `orket run` mean")
struct InterruptionTests {
    @Test("the first one is passed on with a moment to end, the second kills", arguments: Interruption.endings)
    func endsInTwoSteps(number: Int32) {
        var interruption = Interruption()
        #expect(interruption.started() == .nothing)
        #expect(interruption.received(number) == .forwardAndWait(number))
        #expect(interruption.received(SIGINT) == .kill)
        #expect(interruption.signal == number)
    }

    @Test("when the moment is over the sandbox is killed, and output that nobody takes is given up")
    func graceEnds() {
        var interruption = Interruption()
        _ = interruption.started()
        _ = interruption.received(SIGINT)
        #expect(interruption.graceEnded() == .kill)
        interruption.ended()
        #expect(interruption.graceEnded() == .abandonOutput)
    }

    @Test("messages to the program are passed on and interrupt nothing", arguments: Interruption.messages)
    func messages(number: Int32) {
        var interruption = Interruption()
        #expect(interruption.received(number) == .nothing)
        _ = interruption.started()
        #expect(interruption.received(number) == .forward(number))
        #expect(interruption.received(number) == .forward(number))
        #expect(interruption.signal == nil)
        interruption.ended()
        #expect(interruption.received(number) == .nothing)
    }

    @Test("before the start the first waits for it and kills, and the second ends this process")
    func beforeStart() {
        var interruption = Interruption()
        #expect(interruption.received(SIGTERM) == .nothing)
        #expect(interruption.received(SIGINT) == .endProcess(SIGINT))
        #expect(interruption.started() == .kill)
    }

    @Test("after the end only the writing of output is left to stop")
    func afterEnd() {
        var interruption = Interruption()
        _ = interruption.started()
        interruption.ended()
        #expect(interruption.received(SIGINT) == .abandonOutput)
        #expect(interruption.signal == SIGINT)
    }
}

@Suite("Base64")
struct Base64Tests {
    @Test(
        "the vectors of RFC 4648",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(text: String, encoded: String) { #expect(Base64.encode(Array(text.utf8)) == encoded) }

    @Test("every byte value, in the two characters that other alphabets change")
    func highBytes() { #expect(Base64.encode([0xfb, 0xff, 0xbf]) == "+/+/") }
}
