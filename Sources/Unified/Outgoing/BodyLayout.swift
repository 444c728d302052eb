import Catalog
import JSON
import Multipart
import NIOCore

/// An outgoing body laid out for sending: what is known as bytes, and where the caller's files go.
///
/// A file itself is never held here, so a layout is small whatever the file's size.
struct BodyLayout: Sendable {
    enum Segment: Sendable {
        case bytes(ByteBuffer)
        /// - Parameter token: of the file's handle.
        case file(FileEncoding, token: String)
    }

    /// How the file's bytes are written where they stand.
    enum FileEncoding: Sendable {
        case identity
        /// Padded base64 (RFC 4648 §4): 4·⌈n/3⌉ bytes.
        case base64

        func length(of size: Int64) -> Int64 {
            switch self {
            case .identity: size
            case .base64: (size + 2) / 3 * 4
            }
        }
    }

    private(set) var segments: [Segment] = []
    /// The files of the body, those that an address stands for too, each as its handle has it.
    private(set) var files: [FileHandle] = []
    var contentType: String?
    /// The address that stands for the file where the provider fetches it.
    var link: String?
    /// Whether spaces behind the body's end are ignored by its format.
    var allowsPadding = false

    mutating func append(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        if case .bytes(var last)? = segments.last {
            segments.removeLast()  // so that `last` is unique and grows in place
            last.writeImmutableBuffer(bytes)
            segments.append(.bytes(last))
        } else {
            segments.append(.bytes(bytes))
        }
    }

    mutating func append(_ text: String) { append(ByteBuffer(string: text)) }

    mutating func appendFile(_ encoding: FileEncoding, _ token: String) { segments.append(.file(encoding, token: token)) }

    mutating func note(_ file: FileHandle) { files.append(file) }

    /// The tokens of the files whose bytes it holds.
    var placedFiles: [String] {
        segments.compactMap { if case .file(_, let token) = $0 { token } else { nil } }
    }

    /// The body's length in bytes; nil where it holds a file of unknown size.
    func length(fileSize: Int64?) -> Int64? { length { _ in fileSize } }

    /// - Parameter fileSize: bytes of a file, by the token of its handle.
    func length(_ fileSize: (String) -> Int64?) -> Int64? {
        var total: Int64 = 0
        for segment in segments {
            switch segment {
            case .bytes(let bytes): total += Int64(bytes.readableBytes)
            case .file(let encoding, let token):
                guard let size = fileSize(token) else { return nil }
                total += encoding.length(of: size)
            }
        }
        return total
    }
}
