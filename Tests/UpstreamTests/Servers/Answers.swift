import Synchronization

@testable import Upstream

/// A name server's answers, one after the other; the last one stays.
final class Answers: Sendable {
    private let answers: [[IPAddress]]
    private let asked = Mutex(0)

    init(_ answers: [[IPAddress]]) { self.answers = answers }

    /// How often the name server was asked.
    var count: Int { asked.withLock { $0 } }

    func next() -> [IPAddress] {
        asked.withLock { asked in
            defer { asked += 1 }
            return answers[min(asked, answers.count - 1)]
        }
    }
}
