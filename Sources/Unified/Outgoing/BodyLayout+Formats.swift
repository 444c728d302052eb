import Catalog
import Encodings
import JSON
import Multipart
import NIOCore

extension BodyLayout {
    /// Lays out a mapped body.
    ///
    /// - Parameters:
    ///   - token: the one file handle of this call; any other handle was made up by a caller and is refused.
    ///   - link: what is written in place of a file that the provider fetches.
    init(_ body: OutgoingBody, token: String?, link: String? = nil) throws(APIError) {
        self.link = link
        switch body {
        case .none: break
        case .json(let value):
            contentType = "application/json"
            allowsPadding = true
            try appendJSON(value, token: token)
        case .form(let pairs):
            contentType = "application/x-www-form-urlencoded"
            append(URLEncodedForm.text(pairs))
        case .multipart(let parts): try appendMultipart(parts, token: token)
        case .raw(let value, let type): try appendRaw(value, type: type, token: token)
        case .xml(let pieces):
            contentType = "application/xml"
            allowsPadding = true
            for piece in pieces {
                switch piece {
                case .text(let text): append(text)
                case .file(let handle) where handle.form == .url: append(Self.xmlText(try address(of: handle, token: token)))
                case .file(var handle):
                    if handle.form == .bytes { handle.form = .base64 }
                    try appendFile(handle, token: token)
                }
            }
        }
        guard filePlaces <= 1 else {
            throw APIError(.mappingFailed, "The mapping uses the file more than once; a stream can be read once")
        }
    }

    private mutating func appendMultipart(_ parts: [BodyPart], token: String?) throws(APIError) {
        let writer = MultipartWriter()
        contentType = writer.contentType
        allowsPadding = true
        for part in parts {
            switch part.content {
            case .text(let text): append(writer.field(part.name, text))
            case .file(let handle) where handle.form == .url:
                append(writer.field(part.name, try address(of: handle, token: token)))
            case .file(let handle):
                append(
                    writer.head(
                        name: part.name, filename: handle.name ?? "file",
                        contentType: handle.contentType ?? "application/octet-stream"))
                try appendFile(handle, token: token)
                append(writer.partEnd)
            case .blob(let blob):
                append(writer.head(name: part.name, filename: part.name, contentType: blob.contentType))
                append(try decode(blob))
                append(writer.partEnd)
            }
        }
        append(writer.tail)
    }

    private mutating func appendRaw(_ value: JSONValue, type: String?, token: String?) throws(APIError) {
        if let handle = FileHandle(value) {
            contentType = type ?? handle.contentType ?? "application/octet-stream"
            try appendFile(handle, token: token)
        } else if let blob = InlineBlob(value) {
            contentType = type ?? blob.contentType ?? "application/octet-stream"
            append(try decode(blob))
        } else if let text = value.string {
            contentType = type ?? "text/plain; charset=utf-8"
            append(text)
        } else {
            contentType = type ?? "application/json"
            append(ByteBuffer(bytes: value.bytes()))
        }
    }

    private mutating func appendFile(_ handle: FileHandle, token: String?) throws(APIError) {
        guard handle.token == token else {
            throw APIError(.invalidBody, "The body names a file that was not sent with this request")
        }
        switch handle.form {
        case .bytes: appendFile(.identity)
        case .base64: appendFile(.base64)
        case .dataURI:
            append("data:\(handle.contentType ?? "application/octet-stream");base64,")
            appendFile(.base64)
        case .url: append(try address(of: handle, token: token))
        }
    }

    private func address(of handle: FileHandle, token: String?) throws(APIError) -> String {
        guard handle.token == token else {
            throw APIError(.invalidBody, "The body names a file that was not sent with this request")
        }
        guard let link else {
            throw APIError(.mappingFailed, "The mapping gives an address of the file, and the call has no file_url")
        }
        return link
    }

    private static func xmlText(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }

    /// Writes JSON; a file handle in it becomes a string with the file's base64 inside.
    private mutating func appendJSON(_ value: JSONValue, token: String?) throws(APIError) {
        switch value {
        case .object(let members):
            if var handle = FileHandle(value) {
                if handle.form == .url {
                    return append(ByteBuffer(bytes: JSONValue.string(try address(of: handle, token: token)).bytes()))
                }
                if handle.form == .bytes { handle.form = .base64 }
                append("\"")
                try appendFile(handle, token: token)
                append("\"")
                return
            }
            if let blob = InlineBlob(value) { return append(ByteBuffer(bytes: JSONValue.string(blob.base64).bytes())) }
            append("{")
            for (at, member) in members.elements.enumerated() {
                if at > 0 { append(",") }
                append(ByteBuffer(bytes: JSONValue.string(member.key).bytes()))
                append(":")
                try appendJSON(member.value, token: token)
            }
            append("}")
        case .array(let items):
            append("[")
            for (at, item) in items.enumerated() {
                if at > 0 { append(",") }
                try appendJSON(item, token: token)
            }
            append("]")
        default: append(ByteBuffer(bytes: value.bytes()))
        }
    }

    private func decode(_ blob: InlineBlob) throws(APIError) -> ByteBuffer {
        do {
            var decoder = Base64Decoder()
            var decoded = try decoder.decode(ByteBuffer(string: blob.base64))
            var rest = try decoder.finish()
            decoded.writeBuffer(&rest)
            return decoded
        } catch {
            throw APIError(.mappingFailed, "The mapping made a blob that is not base64")
        }
    }
}
