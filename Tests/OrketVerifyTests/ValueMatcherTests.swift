import OrketCore
import OrketVerify
import Testing

@Suite("Value matchers")
struct ValueMatcherTests {
    private static func list(_ values: TypedValue...) -> TypedValue { .sequence(.list, values) }

    @Test("exact takes equal values only")
    func exact() {
        #expect(ValueMatcher.exact.accepts(.int(1), expected: .int(1)))
        #expect(!ValueMatcher.exact.accepts(.int(1), expected: .float(1)))
        #expect(!ValueMatcher.exact.accepts(.float(.nan), expected: .float(.nan)))
    }

    @Test("approximate bends floats and nothing else")
    func approximate() {
        let near = ValueMatcher.approximate(1e-6)
        #expect(near.accepts(.float(1.0000001), expected: .float(1)))
        #expect(!near.accepts(.float(1.00001), expected: .float(1)))
        #expect(near.accepts(.float(1e9 + 1), expected: .float(1e9)))
        #expect(!near.accepts(.int(1), expected: .float(1)))
        #expect(!near.accepts(.float(.nan), expected: .float(.nan)))
        #expect(!near.accepts(.float(.infinity), expected: .float(1)))
        #expect(near.accepts(Self.list(.float(1.0000001), .int(2)), expected: Self.list(.float(1), .int(2))))
        #expect(!near.accepts(Self.list(.float(1)), expected: Self.list(.float(1), .float(1))))
        let dictionary = { (value: Double) in TypedValue.dictionary([.init(.string("a"), .float(value))]) }
        #expect(near.accepts(dictionary(2.0000001), expected: dictionary(2)))
        #expect(!near.accepts(dictionary(2.1), expected: dictionary(2)))
    }

    @Test("unordered forgets the order of the outermost list, not how often a member stands in it")
    func unordered() {
        let matcher = ValueMatcher.unordered
        #expect(matcher.accepts(Self.list(.int(2), .int(1)), expected: Self.list(.int(1), .int(2))))
        #expect(!matcher.accepts(Self.list(.int(1), .int(1)), expected: Self.list(.int(1), .int(2))))
        #expect(!matcher.accepts(Self.list(.int(1)), expected: Self.list(.int(1), .int(1))))
        #expect(!matcher.accepts(.sequence(.tuple, [.int(1)]), expected: Self.list(.int(1))))
        #expect(!matcher.accepts(.int(1), expected: .int(1)))
        let inner = Self.list(Self.list(.int(2), .int(1)))
        #expect(!matcher.accepts(inner, expected: Self.list(Self.list(.int(1), .int(2)))))
    }
}
