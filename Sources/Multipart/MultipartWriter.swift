import Encodings
package import NIOCore

/// Writes the pieces of a `multipart/form-data` body (RFC 7578) around files that are streamed by someone else.
///
/// A body is any number of `field`s and files — `head`, the file's bytes, `partEnd` — and then `tail`. Its length is
/// the sum of theirs; `frame` computes it for the common case of one file.
///
/// Names are written as browsers write them: raw UTF-8 in quotes, with `"`, CR and LF as `%22`, `%0D`, `%0A` (WHATWG
/// HTML, multipart/form-data encoding algorithm). There is no `filename*`: RFC 7578 §4.2 forbids it, browsers and curl
/// do without, and servers that know nothing of it take the parameter for a second name.
package struct MultipartWriter: Sendable {
    package let boundary: String
    /// The value of the `Content-Type` header field.
    package let contentType: String

    /// The first half of each boundary. The other is made for each writer: one call of the system gives so many bits.
    private static let process = UInt64.random(in: .min ... .max)

    /// A writer with a random boundary, which no file holds by chance and no sender can guess.
    package init() {
        var random = UInt128(UInt64.random(in: .min ... .max)) << 64 | UInt128(Self.process)
        let prefix: StaticString = "----attache"
        let start = prefix.utf8CodeUnitCount
        boundary = String(unsafeUninitializedCapacity: start + 32) { text in
            _ = prefix.withUTF8Buffer { text.initialize(fromContentsOf: $0) }
            for at in start..<start + 32 {
                text.initializeElement(at: at, to: Hex.digit(UInt8(truncatingIfNeeded: random & 15)))
                random >>= 4
            }
            return start + 32
        }
        contentType = Self.type + boundary
    }

    /// - Throws: `FormError.Code.invalidBoundary` where RFC 2046 §5.1.1 does not allow the boundary.
    package init(boundary: String) throws(FormError) {
        guard MediaType.isBoundary(boundary) else {
            throw FormError(.invalidBoundary, "the boundary is not one that RFC 2046 allows")
        }
        self.boundary = boundary
        contentType = Self.type + (boundary.utf8.allSatisfy(\.isTokenCharacter) ? boundary : "\"\(boundary)\"")
    }

    private static let type = "multipart/form-data; boundary="

    /// What comes before a part's bytes. A content type with a control character in it is left out.
    package func head(name: String, filename: String? = nil, contentType: String? = nil) -> ByteBuffer {
        var head = ByteBuffer()
        head.reserveCapacity(
            112 + boundary.utf8.count + name.utf8.count + (filename?.utf8.count ?? 0) + (contentType?.utf8.count ?? 0))
        head.writeStaticString("--")
        head.writeString(boundary)
        head.writeStaticString("\r\nContent-Disposition: form-data; name=\"")
        head.writeString(Self.escaped(name))
        if let filename {
            head.writeStaticString("\"; filename=\"")
            head.writeString(Self.escaped(filename))
        }
        head.writeStaticString("\"")
        if let contentType, !contentType.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }), !contentType.isEmpty {
            head.writeStaticString("\r\nContent-Type: ")
            head.writeString(contentType)
        }
        head.writeStaticString("\r\n\r\n")
        return head
    }

    /// What comes behind a part's bytes.
    package var partEnd: ByteBuffer { ByteBuffer(string: "\r\n") }

    /// A whole part with a text value.
    package func field(_ name: String, _ value: String, contentType: String? = nil) -> ByteBuffer {
        var part = head(name: name, contentType: contentType)
        part.writeString(value)
        part.writeStaticString("\r\n")
        return part
    }

    /// What comes behind the last part.
    package var tail: ByteBuffer {
        var tail = ByteBuffer()
        tail.reserveCapacity(boundary.utf8.count + 6)
        tail.writeStaticString("--")
        tail.writeString(boundary)
        tail.writeStaticString("--\r\n")
        return tail
    }

    /// All of a body but the bytes of its one file.
    package func frame(
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
        guard name.utf8.contains(where: { $0 < 0x20 || $0 == ASCII.quote || $0 == 0x7F }) else { return name }
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
package struct MultipartFrame: Sendable, Hashable {
    package let prefix: ByteBuffer
    package let suffix: ByteBuffer

    /// The whole body's `Content-Length` around a file of so many bytes.
    package func length(file bytes: Int) -> Int { prefix.readableBytes + bytes + suffix.readableBytes }
}
