public import NIOCore

/// Writes the pieces of a `multipart/form-data` body (RFC 7578) around files that are streamed by someone else.
///
/// A body is any number of `field`s and files — `head`, the file's bytes, `partEnd` — and then `tail`. Its length is
/// the sum of theirs; `frame` computes it for the common case of one file.
///
/// Names are written as browsers write them: raw UTF-8 in quotes, with `"`, CR and LF as `%22`, `%0D`, `%0A` (WHATWG
/// HTML, multipart/form-data encoding algorithm). There is no `filename*`: RFC 7578 §4.2 forbids it, browsers and curl
/// do without, and servers that know nothing of it take the parameter for a second name.
public struct MultipartWriter: Sendable {
    public let boundary: String

    /// A writer with a random boundary of 128 bits, which no file holds by chance and no sender can guess.
    public init() {
        var digits = ""
        for _ in 0..<2 {
            let hex = String(UInt64.random(in: .min ... .max), radix: 16)
            digits += String(repeating: "0", count: 16 - hex.count) + hex
        }
        boundary = "----attache" + digits
    }

    /// - Throws: `FormError.Code.invalidBoundary` where RFC 2046 §5.1.1 does not allow the boundary.
    public init(boundary: String) throws(FormError) {
        guard MediaType.isBoundary(boundary) else {
            throw FormError(.invalidBoundary, "the boundary is not one that RFC 2046 allows")
        }
        self.boundary = boundary
    }

    /// The value of the `Content-Type` header field.
    public var contentType: String {
        let isToken = boundary.utf8.allSatisfy(\.isTokenCharacter)
        return "multipart/form-data; boundary=" + (isToken ? boundary : "\"\(boundary)\"")
    }

    /// What comes before a part's bytes. A content type with a control character in it is left out.
    public func head(name: String, filename: String? = nil, contentType: String? = nil) -> ByteBuffer {
        var text = "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(Self.escaped(name))\""
        if let filename { text += "; filename=\"\(Self.escaped(filename))\"" }
        if let contentType, !contentType.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }), !contentType.isEmpty {
            text += "\r\nContent-Type: \(contentType)"
        }
        return ByteBuffer(string: text + "\r\n\r\n")
    }

    /// What comes behind a part's bytes.
    public var partEnd: ByteBuffer { ByteBuffer(string: "\r\n") }

    /// A whole part with a text value.
    public func field(_ name: String, _ value: String, contentType: String? = nil) -> ByteBuffer {
        var part = head(name: name, contentType: contentType)
        part.writeString(value)
        part.writeString("\r\n")
        return part
    }

    /// What comes behind the last part.
    public var tail: ByteBuffer { ByteBuffer(string: "--\(boundary)--\r\n") }

    /// All of a body but the bytes of its one file.
    public func frame(
        before: [(name: String, value: String)] = [], file name: String, filename: String?, contentType: String?,
        after: [(name: String, value: String)] = []
    ) -> MultipartFrame {
        var prefix = ByteBuffer()
        for (name, value) in before { prefix.writeImmutableBuffer(field(name, value)) }
        prefix.writeImmutableBuffer(head(name: name, filename: filename, contentType: contentType))
        var suffix = partEnd
        for (name, value) in after { suffix.writeImmutableBuffer(field(name, value)) }
        suffix.writeImmutableBuffer(tail)
        return MultipartFrame(prefix: prefix, suffix: suffix)
    }

    private static func escaped(_ name: String) -> String {
        var out: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case ASCII.quote: out.append(contentsOf: "%22".utf8)
            case ASCII.carriageReturn: out.append(contentsOf: "%0D".utf8)
            case ASCII.lineFeed: out.append(contentsOf: "%0A".utf8)
            case 0..<0x20, 0x7F: out.append(ASCII.space)  // no header field may hold them (RFC 9110 §5.5)
            default: out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}

/// A multipart body without the bytes of its file, which go between `prefix` and `suffix`.
public struct MultipartFrame: Sendable, Hashable {
    public let prefix: ByteBuffer
    public let suffix: ByteBuffer

    /// The whole body's `Content-Length` around a file of so many bytes.
    public func length(file bytes: Int) -> Int { prefix.readableBytes + bytes + suffix.readableBytes }
}
