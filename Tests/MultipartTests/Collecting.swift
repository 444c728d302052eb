import JSON
import Multipart
import NIOCore

/// A part as a test wants to see it: whole.
struct Part: Hashable, CustomStringConvertible {
    var name: String
    var filename: String?
    var contentType: String?
    var body: [UInt8]

    init(_ name: String, filename: String? = nil, contentType: String? = nil, body: String = "") {
        self.init(name, filename: filename, contentType: contentType, bytes: Array(body.utf8))
    }

    init(_ name: String, filename: String? = nil, contentType: String? = nil, bytes: [UInt8]) {
        self.name = name
        self.filename = filename
        self.contentType = contentType
        body = bytes
    }

    var description: String {
        "\(name)|\(filename ?? "-")|\(contentType ?? "-")|\(String(decoding: body, as: UTF8.self).debugDescription)"
    }
}

/// Cuts bytes into buffers that end at the given offsets.
func chunks(_ bytes: [UInt8], cutAt offsets: [Int]) -> [ByteBuffer] {
    var start = 0
    return (offsets + [bytes.count]).map { end in
        defer { start = end }
        return ByteBuffer(bytes: bytes[start..<end])
    }
}

/// Reads a multipart body whole; `eager` appends all chunks before the first event is taken.
func parts(
    of chunks: [ByteBuffer], boundary: String = "b", limits: FormLimits = .standard, eager: Bool = false
) throws -> [Part] {
    var reader = try MultipartReader(boundary: boundary, limits: limits)
    var parts: [Part] = []
    var open = false
    var ended = false
    func drain() throws {
        while let event = try reader.next() {
            switch event {
            case .part(let headers):
                precondition(!open && !ended)
                open = true
                parts.append(Part(headers.name, filename: headers.filename, contentType: headers.contentType))
            case .data(let data):
                precondition(open && data.readableBytes > 0)
                parts[parts.count - 1].body += data.readableBytesView
            case .partEnd:
                precondition(open)
                open = false
            case .end:
                precondition(!open && !ended)
                ended = true
            }
        }
    }
    for chunk in chunks {
        reader.append(chunk)
        if !eager { try drain() }
    }
    reader.finish()
    try drain()
    precondition(ended)
    return parts
}

func parts(of body: String, boundary: String = "b", limits: FormLimits = .standard) throws -> [Part] {
    try parts(of: [ByteBuffer(string: body)], boundary: boundary, limits: limits)
}

/// What the reader says is wrong; nil where it says nothing.
func fault<T>(_ body: () throws -> T) -> FormError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? FormError
    }
}
