import Crypto
import Encodings
import Multipart
import NIOCore
import Synchronization

/// The SHA-256 by which a repeated call is told from another one: of its parameters and its body.
///
/// A form is hashed by what its parts say and hold, since clients make a new boundary each time they send it; any other
/// body by its bytes.
final class BodyFingerprint: Sendable {
    fileprivate struct State {
        var hash = SHA256()
        var form: MultipartReader?
        /// Bytes of the body still to come, where the client declared them.
        var remaining: Int64?
        var isWhole = false
        var isUnreadable = false
        var partBytes = 0
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - query: as it was sent; the order of its parameters does not matter.
    ///   - length: of the body, where it is declared; 0 for no body.
    init(query: Substring, contentType: String?, contentDisposition: String?, length: Int64?) {
        var state = State()
        let type = contentType.flatMap { MediaType($0) }
        let parameters = query.split(separator: "&").sorted().joined(separator: "&")
        for part in [parameters, type?.essence ?? contentType ?? "", contentDisposition ?? ""] { state.hash.add(part) }
        if type?.essence.hasPrefix("multipart/") == true, let boundary = try? type?.boundary() {
            state.form = try? MultipartReader(boundary: boundary, allowsUnnamed: true)
        }
        state.remaining = length
        state.isWhole = length == 0
        self.state = Mutex(state)
    }

    func update(_ chunk: ByteBuffer) {
        state.withLock { state in
            if let remaining = state.remaining { state.remaining = remaining - Int64(chunk.readableBytes) }
            if state.form == nil { state.hash.add(chunk) } else { state.read(chunk) }
            if let remaining = state.remaining, remaining <= 0 { state.isWhole = true }
        }
    }

    /// The body has ended.
    func finish() { state.withLock { $0.isWhole = true } }

    /// In hex; nil until the body was read to its end, and for a form that cannot be read.
    var value: String? {
        state.withLock { state in
            guard state.isWhole, !state.isUnreadable else { return nil }
            return Hex.text(state.hash.finalize())
        }
    }
}

extension BodyFingerprint {
    /// The chunks of a body, hashed as they pass.
    struct Chunks<Base: AsyncSequence & Sendable>: AsyncSequence, Sendable where Base.Element == ByteBuffer {
        let base: Base
        let fingerprint: BodyFingerprint

        struct AsyncIterator: AsyncIteratorProtocol {
            var base: Base.AsyncIterator
            let fingerprint: BodyFingerprint

            mutating func next() async throws -> ByteBuffer? {
                guard let chunk = try await base.next(isolation: #isolation) else {
                    fingerprint.finish()
                    return nil
                }
                fingerprint.update(chunk)
                return chunk
            }
        }

        func makeAsyncIterator() -> AsyncIterator {
            AsyncIterator(base: base.makeAsyncIterator(), fingerprint: fingerprint)
        }
    }
}

extension BodyFingerprint.State {
    /// Each part is hashed as its head, its bytes, and their number.
    fileprivate mutating func read(_ chunk: ByteBuffer) {
        guard !isUnreadable else { return }
        form?.append(chunk)
        do {
            while let event = try form?.next() {
                switch event {
                case .part(let head):
                    partBytes = 0
                    for text in [head.name, head.filename ?? "", head.contentType ?? ""] { hash.add(text) }
                case .data(let data):
                    partBytes += data.readableBytes
                    hash.add(data)
                case .partEnd: withUnsafeBytes(of: UInt64(partBytes).bigEndian) { hash.update(bufferPointer: $0) }
                case .end: isWhole = true
                }
            }
        } catch {
            isUnreadable = true
        }
    }
}

extension SHA256 {
    fileprivate mutating func add(_ text: String) {
        withUnsafeBytes(of: UInt32(text.utf8.count).bigEndian) { update(bufferPointer: $0) }
        update(data: Array(text.utf8))
    }

    fileprivate mutating func add(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { update(bufferPointer: $0) }
    }
}
