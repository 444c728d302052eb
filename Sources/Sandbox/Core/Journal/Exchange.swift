import Crypto
import HTTPTypes
import NIOCore
import Synchronization

/// One request as it arrives: what was received of it, and how it ended.
///
/// Outcomes: receiving → complete | aborted | reset. Only `complete` lets a vendor store anything.
final class Exchange: Sendable {
    enum Outcome: String {
        case receiving, complete, aborted, reset
    }

    /// Bytes of a body that is not a form, kept for the handler to parse.
    static let maxTextBytes = 4 * 1024 * 1024

    /// Bytes of such a body that the journal shows.
    static let shownTextBytes = 64 * 1024

    struct State {
        var outcome = Outcome.receiving
        var size = 0
        var hash = SHA256()
        var reader: PartReader?
        var form: PartCollector
        var text: [UInt8] = []
        var status: Int?
        /// The handler is done with the body.
        var isReleased = false

        /// Keeps what the journal shows and no more: there may be very many exchanges.
        mutating func trim() {
            form.releaseFiles()
            if text.count > Exchange.shownTextBytes { text = Array(text.prefix(Exchange.shownTextBytes)) }
        }
    }

    let id: Int
    let head: HTTPRequest
    let path: String
    let query: FormEncoding
    let receivedAt: Int64
    let action: BehaviourAction?
    let isForm: Bool
    /// See `ConnectionRegistry.waitForRelease`.
    let releases: Int
    private let state: Mutex<State>

    init(id: Int, head: HTTPRequest, receivedAt: Int64, action: BehaviourAction?, releases: Int, spool: FileSpool) {
        self.id = id
        self.head = head
        self.receivedAt = receivedAt
        self.action = action
        self.releases = releases
        let target = (head.path ?? "/").split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(target[0])
        query = FormEncoding(target.count > 1 ? target[1] : "")
        let type = HeaderValue(head.headerFields[.contentType] ?? "")
        let boundary = type.value.lowercased() == "multipart/form-data" ? type["boundary"] : nil
        isForm = boundary != nil
        state = Mutex(State(reader: boundary.map(PartReader.init(boundary:)), form: PartCollector(spool: spool)))
    }

    /// The declared length of the body; nil when it is chunked or missing.
    var contentLength: Int? { head.headerFields[.contentLength].flatMap { Int($0) } }

    /// Whether a body was announced.
    var hasBody: Bool { (contentLength ?? 0) > 0 || head.headerFields[.transferEncoding] != nil }

    /// Takes bytes of the body; returns how many came so far.
    func receive(_ buffer: ByteBuffer) -> Int {
        state.withLock { state in
            state.size += buffer.readableBytes
            buffer.withUnsafeReadableBytes { bytes in
                state.hash.update(bufferPointer: bytes)
                if state.reader != nil {
                    state.reader?.feed(bytes, into: &state.form)
                } else if state.text.count < Self.maxTextBytes {
                    state.text.append(contentsOf: bytes.prefix(Self.maxTextBytes - state.text.count))
                }
            }
            return state.size
        }
    }

    /// The request ended; the first end counts.
    func end(_ outcome: Outcome) {
        state.withLock { state in
            guard state.outcome == .receiving else { return }
            state.outcome = outcome
            state.reader = nil
            if outcome != .complete || state.isReleased { state.trim() }
        }
    }

    func answered(_ status: Int) { state.withLock { $0.status = status } }

    /// The handler is done: whoever stored a file holds it now. What still comes is not kept.
    func release() {
        state.withLock { state in
            state.isReleased = true
            state.trim()
        }
    }

    var isComplete: Bool { state.withLock { $0.outcome == .complete } }

    /// The parts of a form so far, why it is malformed if it is, and whether its end was read.
    var form: (parts: [ReceivedPart], fault: String?, isWhole: Bool) {
        state.withLock { ($0.form.parts, $0.form.fault, $0.form.isWhole) }
    }

    /// The body of a request that is not a form.
    var text: [UInt8] { state.withLock { $0.text } }

    /// A snapshot for the journal.
    var summary: (outcome: Outcome, size: Int, sha256: String, status: Int?) {
        state.withLock { ($0.outcome, $0.size, Hex.text($0.hash.finalize()), $0.status) }
    }
}
