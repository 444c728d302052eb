import Crypto
import Encodings
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
        var text: TextCollector
        /// The body of a request that is neither a form nor text.
        var raw: SpoolWriter?
        var rawFile: SpooledFile?
        var status: Int?
        /// The handler is done with the body.
        var isReleased = false

        /// Keeps what the journal shows and no more: there may be very many exchanges.
        mutating func trim() {
            form.releaseFiles()
            text.releaseFiles()
            text.trim(to: Exchange.shownTextBytes)
            raw = nil
            rawFile = nil
        }
    }

    let id: Int
    let head: HTTPRequest
    let path: String
    let query: FormEncoding
    let receivedAt: Int64
    let action: BehaviourAction?
    let isForm: Bool
    let bodyKind: BodyKind
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
        let kind = BodyKind(mediaType: type.value.lowercased())
        // A form without a boundary is no form.
        bodyKind = kind == .form && !isForm ? .raw : kind
        state = Mutex(
            State(
                reader: boundary.map(PartReader.init(boundary:)), form: PartCollector(spool: spool),
                text: TextCollector(spool: spool, mark: "sandbox-file:\(id):"),
                raw: bodyKind == .raw ? SpoolWriter(spool) : nil
            ))
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
                } else if let raw = state.raw {
                    raw.write(bytes)
                } else if !state.isReleased {
                    state.text.feed(bytes)
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
            state.text.end()
            state.rawFile = state.raw?.finish()
            state.raw = nil
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

    /// The body of a request that is text, with names of files in place of long base64.
    var text: [UInt8] { state.withLock { $0.text.text } }

    /// The files that were base64 in the text.
    var decodedFiles: [TextCollector.Found] { state.withLock { $0.text.files } }

    /// The file that a text in the body names; nil for another text.
    func decodedFile(_ text: String) -> TextCollector.Found? { state.withLock { $0.text.file(named: text) } }

    /// The whole body; nil for a form, and for text with files in it.
    func rawBody(in spool: FileSpool) -> (file: SpooledFile, sha256: String)? {
        state.withLock { state in
            let sha256 = Hex.text(state.hash.finalize())
            if let file = state.rawFile { return (file, sha256) }
            guard !isForm, state.text.files.isEmpty, !state.text.isCut else { return nil }
            return (.holding(state.text.text, in: spool), sha256)
        }
    }

    /// A snapshot for the journal.
    var summary: (outcome: Outcome, size: Int, sha256: String, status: Int?) {
        state.withLock { ($0.outcome, $0.size, Hex.text($0.hash.finalize()), $0.status) }
    }
}
