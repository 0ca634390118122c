/// Kind `http`: a service of the candidate answers requests, all inside one sandbox.
package struct HTTPBody: Sendable {
    package var compile: [String]?
    /// The command that starts the service and stays in the foreground.
    package var start: [String]
    package var port: Int
    /// A GET of it must be answered with a status of 200 to 399 before the first request.
    package var readyPath: String
    package var startWithinMs: UInt64
    package var requests: [Request]

    /// One request with what must come of it.
    package struct Request: Sendable {
        package var place: Fixture.Place
        package var method: String
        package var path: String
        package var headers: [(name: String, value: String)]
        package var body: [UInt8]
        package var expected: Expected

        package var id: String { place.id }
    }

    /// What a response must be. It never enters the sandbox.
    package struct Expected: Sendable {
        package var status = 200
        package var headers: [(name: String, matcher: TextMatcher)] = []
        package var body: TextMatcher?
        package var json: [JSONAssertion] = []
    }
}
