import Catalog
import JSON
import NIOCore
import Synchronization
import Testing

@testable import Unified

/// A body around a file that is still arriving.
struct `The stream of a body` {
    private static func layout(_ encoding: BodyLayout.FileEncoding = .identity, padded: Bool = false) -> BodyLayout {
        var layout = BodyLayout()
        layout.append("<")
        layout.appendFile(encoding, "t1")
        layout.append(">")
        layout.allowsPadding = padded
        return layout
    }

    private static func stream(
        _ layout: BodyLayout, _ source: MemorySource, largest: Int64? = nil,
        checkLate: @escaping @Sendable ([String]) throws -> Void = { _ in }
    ) -> FileStream {
        FileStream(layout: layout, source: source, largest: largest, checkLate: checkLate)
    }

    // MARK: What is announced

    private static let announced: [(padded: Bool, size: Int64?, bound: Int64?, length: Int64?)] = [
        (false, 3, 3, 5), (true, 3, 3, 5), (false, nil, 10, nil), (true, nil, 10, 12), (true, nil, nil, nil), (false, 0, 0, 2),
    ]

    @Test(arguments: announced.indices) func `announces its length, or the most where spaces may fill it`(index: Int) {
        let row = Self.announced[index]
        let source = MemorySource([], size: row.size, bound: row.bound)
        #expect(Self.stream(Self.layout(padded: row.padded), source).declaredLength == row.length)
    }

    @Test func `announces the encoded length`() {
        #expect(Self.stream(Self.layout(.base64), MemorySource([], size: 4)).declaredLength == 10)
        #expect(Self.stream(Self.layout(.base64, padded: true), MemorySource([], bound: 7)).declaredLength == 14)
    }

    // MARK: What is written

    @Test(arguments: [["abc"], ["a", "b", "c"], ["ab", "", "c"], []])
    func `has the file's chunks in their order`(chunks: [String]) async {
        let plain = await written { try await Self.stream(Self.layout(), MemorySource(chunks)).produce($0) }
        #expect(plain.text == "<\(chunks.joined())>" && plain.error == nil)
    }

    @Test(arguments: [
        (["abc"], "YWJj"), (["a", "b", "c"], "YWJj"), (["ab", "cd"], "YWJjZA=="), (["a"], "YQ=="), ([], ""),
        (["abcd", "e"], "YWJjZGU="),
    ]) func `has base64 that chunks do not break`(chunks: [String], encoded: String) async {
        let body = await written { try await Self.stream(Self.layout(.base64), MemorySource(chunks)).produce($0) }
        #expect(body.text == "<\(encoded)>")
    }

    @Test(arguments: [(5, 0), (3, 2), (0, 5), (3, 200_000)] as [(Int, Int)])
    func `is filled with spaces to the length that was announced`(size: Int, missing: Int) async {
        let source = MemorySource([String(repeating: "x", count: size)], bound: Int64(size + missing))
        let stream = Self.stream(Self.layout(padded: true), source)
        let body = await written(length: stream.declaredLength) { try await stream.produce($0) }
        #expect(body.error == nil)
        #expect(body.text == "<" + String(repeating: "x", count: size) + ">" + String(repeating: " ", count: missing))
    }

    @Test func `is not filled where the format has no room for spaces`() async {
        let body = await written { try await Self.stream(Self.layout(), MemorySource(["ab"], bound: 9)).produce($0) }
        #expect(body.text == "<ab>")
    }

    // MARK: How it ends early

    @Test(arguments: [(5, true), (4, false), (2, false), (0, false)] as [(Int64, Bool)])
    func `ends before it is larger than the provider takes`(largest: Int64, fits: Bool) async {
        let stream = Self.stream(Self.layout(), MemorySource(["a", "b", "c"]), largest: largest)
        let body = await written { try await stream.produce($0) }
        #expect(body.text.utf8.count <= largest)
        #expect((body.error == nil) == fits)
        guard !fits else { return }
        let error = body.error as? APIError
        #expect(error?.code == .fileTooLarge && error?.param == "file")
        #expect(error?.message.contains("\(largest) bytes") == true)
    }

    @Test func `counts base64 as it is sent`() async {
        let stream = Self.stream(Self.layout(.base64), MemorySource(["abcdef"]), largest: 8)
        #expect(await written { try await stream.produce($0) }.error as? APIError == .bodyTooLargeForProvider(limit: 8))
    }

    @Test func `ends before its last byte where a field behind the file makes it wrong`() async {
        let source = MemorySource(["ab"], late: ["candidate_id", "note"])
        let seen = Mutex<[String]>([])
        let stream = Self.stream(Self.layout(), source) { late in
            seen.withLock { $0 = late }
            throw APIError.fieldAfterFile("candidate_id")
        }
        let body = await written { try await stream.produce($0) }
        #expect(body.text == "<ab", "a provider must not take it for whole")
        #expect(body.error as? APIError == .fieldAfterFile("candidate_id"))
        #expect(seen.withLock { $0 } == ["candidate_id", "note"], "judged once all of the form was read")
    }

    @Test func `ends with the fault of its source, and not before what has come was written`() async {
        let body = await written { try await Self.stream(Self.layout(), MemorySource(["ab"], failure: Broken())).produce($0) }
        #expect(body.text == "<ab")
        #expect(body.error is Broken)
    }

    // MARK: Several files

    @Test func `of several files has each in its own place`() async throws {
        var files: [String: SpooledFile] = [:]
        for (token, text) in [("a", "abc"), ("b", "defg")] {
            var writer = try await SpoolWriter(in: SpoolFolder.standard)
            try await writer.write(ByteBuffer(string: text))
            files[token] = try await writer.finish()
        }
        var layout = BodyLayout()
        layout.appendFile(.base64, "b")
        layout.append("|")
        layout.appendFile(.identity, "a")
        let length = layout.length { [files] token in files[token]?.length }
        #expect(length == 12 && layout.length({ $0 == "a" ? 3 : nil }) == nil && layout.placedFiles == ["b", "a"])
        let body = await written(length: length) { [layout, files] in try await FileStream.produce(layout, files: files, $0) }
        #expect(body.text == "ZGVmZw==|abc" && body.error == nil)
    }

    // MARK: Whole

    @Test(arguments: [[], ["abc"], ["a", "bcde", "f"]])
    func `is the same where the file is here to its end`(chunks: [String]) async throws {
        for encoding in [BodyLayout.FileEncoding.identity, .base64] {
            let layout = Self.layout(encoding)
            let streamed = await written { try await Self.stream(layout, MemorySource(chunks)).produce($0) }
            let file = CircularBuffer(chunks.map { ByteBuffer(string: $0) })
            #expect(String(buffer: try FileStream.whole(layout, file: file)) == streamed.text)
        }
    }

    @Test func `of a whole body without a file is what it says`() throws {
        var layout = BodyLayout()
        layout.append("a")
        #expect(String(buffer: try FileStream.whole(layout, file: [])) == "a")
    }
}
