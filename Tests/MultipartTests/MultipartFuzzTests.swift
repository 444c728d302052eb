import Multipart
import NIOCore
import Testing
import TestSupport

/// The grammar of RFC 2046 §5.1.1 on a body held whole, with no regard for speed: what the reader is compared with.
enum NaiveReader {
    /// The parts' bytes, or nil for a body that is not whole or not well formed.
    static func bodies(of body: [UInt8], boundary: String) -> [[UInt8]]? {
        let delimiter = Array("\r\n--\(boundary)".utf8)
        var rest = [0x0D, 0x0A] + body
        guard let first = find(delimiter, in: rest, from: 0) else { return nil }
        rest = Array(rest[(first + delimiter.count)...])
        var bodies: [[UInt8]] = []
        while true {
            if rest.starts(with: [0x2D, 0x2D]) { return bodies }
            rest = Array(rest.drop { $0 == 0x20 || $0 == 0x09 })
            guard rest.starts(with: [0x0D, 0x0A]) else { return nil }
            rest.removeFirst(2)
            let blank = Array("\r\n\r\n".utf8)
            let head = Array("Content-Disposition: form-data; name=a".utf8)
            guard rest.starts(with: head + blank) else { return nil }
            // The blank line's CRLF may be the delimiter's too.
            guard let end = find(delimiter, in: rest, from: head.count + 2) else { return nil }
            bodies.append(end < head.count + 4 ? [] : Array(rest[(head.count + 4)..<end]))
            rest = Array(rest[(end + delimiter.count)...])
        }
    }

    private static func find(_ needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        (start..<max(start, bytes.count)).first { bytes[$0...].starts(with: needle) }
    }
}

struct MultipartFuzzTests {
    /// Text made of what the reader looks at: whole bodies are likely, and so are near misses.
    static func body(_ random: inout SeededGenerator) -> [UInt8] {
        let pieces = [
            "\r\n--bb", "--bb", "--b", "--", "-", "\r", "\n", "\r\n", "b", "x", " ", "\r\n--bb--", "\r\n--b",
            "\r\n--bb\r\nContent-Disposition: form-data; name=a\r\n\r\n",
            "--bb\r\nContent-Disposition: form-data; name=a\r\n\r\n",
        ]
        var text = Bool.random(using: &random) ? pieces[14] : ""
        for _ in 0..<Int.random(in: 0...14, using: &random) { text += pieces.randomElement(using: &random) ?? "" }
        if Bool.random(using: &random) { text += "\r\n--bb--" }
        return Array(text.utf8)
    }

    @Test(arguments: 0..<50)
    func `the reader agrees with a naive one`(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var legal = 0
        for _ in 0..<100 {
            let body = Self.body(&random)
            let cuts = (0..<Int.random(in: 0...8, using: &random)).map { _ in Int.random(in: 0...body.count, using: &random) }
            let expected = NaiveReader.bodies(of: body, boundary: "bb")
            let read = try? parts(of: chunks(body, cutAt: cuts.sorted()), boundary: "bb").map(\.body)
            #expect(read == expected, "seed \(seed): \(String(decoding: body, as: UTF8.self).debugDescription), cut at \(cuts)")
            if expected?.isEmpty == false { legal += 1 }
        }
        #expect(legal > 0)
    }

    @Test(arguments: 0..<50)
    func `whatever is written is read`(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let alphabet: [UInt8] = [0x0D, 0x0A, 0x2D, 0x62, 0x00, 0xFF]
        let expected = (0..<Int.random(in: 0...5, using: &random)).map { at in
            Part(
                "p\(at)", filename: "f",
                bytes: (0..<Int.random(in: 0...300, using: &random)).map { _ in
                    alphabet.randomElement(using: &random) ?? 0
                })
        }
        let writer = MultipartWriter()
        var body: [UInt8] = []
        for part in expected {
            body += writer.head(name: part.name, filename: part.filename).readableBytesView
            body += part.body + writer.partEnd.readableBytesView
        }
        body += writer.tail.readableBytesView
        let cuts = (0..<20).map { _ in Int.random(in: 0...body.count, using: &random) }.sorted()
        #expect(try parts(of: chunks(body, cutAt: cuts), boundary: writer.boundary) == expected)
    }
}
