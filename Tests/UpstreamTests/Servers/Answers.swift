import Synchronization

@testable import Upstream

/// A name server's responses, one after the other; the last one stays.
final class Answers: Sendable {
    private let responses: [[IPAddress]]
    private let asked = Mutex(0)

    init(_ responses: [[IPAddress]]) { self.responses = responses }

    /// How often the name server was asked.
    var count: Int { asked.withLock { $0 } }

    func next() -> [IPAddress] {
        asked.withLock { asked in
            defer { asked += 1 }
            return responses[min(asked, responses.count - 1)]
        }
    }
}
