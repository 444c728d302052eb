import Crypto
import FoundationEssentials
import HTTPTypes
import JSON
import Multipart
import NIOCore
import Testing

@testable import Unified

/// An upload read ahead, then as its file is taken.
struct `An upload that arrives` {
    private static let large = 1 << 20

    private static func reader(
        _ body: InboundBody, maxFileBytes: Int64 = 1 << 30, digest: FileDigest? = nil, fileName: String? = nil
    ) throws(APIError) -> UploadReader {
        try UploadReader(body, fileName: fileName, maxFileBytes: maxFileBytes, digest: digest)
    }

    private static func file(_ reader: UploadReader) async throws -> String {
        var all = ByteBuffer()
        while var chunk = try await reader.nextFileChunk() { all.writeBuffer(&chunk) }
        return String(buffer: all)
    }

    private static func error(_ body: () async throws -> Void) async -> APIError? {
        do {
            try await body()
            return nil
        } catch {
            if !(error is APIError) { Issue.record(error) }
            return error as? APIError
        }
    }

    private static let parts: [TestForm.Part] = [
        .field("candidate_id", "7"), .field("note", ""), .file("file", "%PDF-\r\n--xx\r\n1.7"), .field("late", "x"),
    ]

    // MARK: Forms

    @Test(arguments: [1, 2, 3, 7, 64, 1 << 20]) func `says the same however it is cut into chunks`(size: Int) async throws {
        let reader = try Self.reader(.form(Self.parts, by: size))
        try await reader.readAhead(upTo: Self.large)
        #expect(reader.isWhole && !reader.isJSON && !reader.isEncoded && !reader.isBlank)
        #expect(reader.fields.map(\.name) == ["candidate_id", "note", "late"])
        #expect(reader.fields.map(\.value.string) == ["7", "", "x"])
        #expect(reader.lateFields == ["late"])
        #expect(reader.file?.filename == "cv.pdf" && reader.file?.contentType == "application/pdf")
        #expect(reader.fileSize == 16)
        let whole = reader.wholeFile.reduce(into: "") { $0 += String(buffer: $1) }
        #expect(whole == "%PDF-\r\n--xx\r\n1.7")
        #expect(reader.wholeFile.reduce(0) { $0 + $1.readableBytes } == 16, "it may be asked for again")
    }

    @Test(arguments: [200, 260, 300]) func `streams on past the look-ahead`(limit: Int) async throws {
        let bytes = String(repeating: "0123456789", count: 100)
        let reader = try Self.reader(.form([.field("id", "7"), .file("file", bytes), .field("late", "x")], by: 20))
        try await reader.readAhead(upTo: limit)
        #expect(!reader.isWhole)
        #expect(reader.fields.map(\.name) == ["id"])
        #expect(reader.lateFields.isEmpty && reader.fileSize == nil && reader.fileSizeBound == nil)
        #expect(try await Self.file(reader) == bytes)
        #expect(reader.fileSize == 1000)
        try await reader.finish()
        #expect(reader.isWhole)
        #expect(reader.lateFields == ["late"])
        #expect(reader.fields.map(\.name) == ["id", "late"])
    }

    @Test func `bounds the file by the request's length`() async throws {
        let parts: [TestForm.Part] = [.file("file", String(repeating: "x", count: 1000))]
        let reader = try Self.reader(.form(parts, by: 20, isLengthKnown: true))
        try await reader.readAhead(upTo: 200)
        #expect(reader.fileSize == nil)
        #expect(reader.fileSizeBound == 1002, "it is the last part, and the line break at the end may be missing")
        let another = try Self.reader(.form(parts + [.field("late", "x")], by: 20, isLengthKnown: true))
        try await another.readAhead(upTo: 200)
        #expect(try #require(another.fileSizeBound) > 1000)
    }

    @Test func `without a file ends in its look-ahead`() async throws {
        let reader = try Self.reader(.form([.field("id", "7")]))
        try await reader.readAhead(upTo: Self.large)
        #expect(reader.isWhole && reader.file == nil && reader.wholeFile.isEmpty)
    }

    @Test(arguments: [("", nil, true), ("", "cv.pdf", false), ("x", nil, false)] as [(String, String?, Bool)])
    func `knows an input that nobody filled in`(bytes: String, name: String?, isBlank: Bool) async throws {
        let reader = try Self.reader(.form([.file("file", bytes, name: name, type: "application/octet-stream")]))
        try await reader.readAhead(upTo: Self.large)
        #expect(reader.isBlank == isBlank || reader.file == nil)
    }

    // MARK: Limits

    @Test func `has fields before the file that fit into the look-ahead, or is refused`() async throws {
        let reader = try Self.reader(.form([.field("id", String(repeating: "x", count: 5000)), .file("file", "y")], by: 100))
        let error = await Self.error { try await reader.readAhead(upTo: 1000) }
        #expect(error?.code == .bodyTooLarge)
        #expect(error?.message.contains("1000 bytes") == true)
    }

    @Test(arguments: [(1000, nil), (999, 413)] as [(Int64, Int?)])
    func `has no more bytes in its file than allowed`(limit: Int64, status: Int?) async throws {
        let parts: [TestForm.Part] = [.file("file", String(repeating: "x", count: 1000))]
        for ahead in [200, Self.large] {
            let error = await Self.error {
                let reader = try Self.reader(.form(parts, by: 20), maxFileBytes: limit)
                try await reader.readAhead(upTo: ahead)
                _ = try await Self.file(reader)
            }
            #expect(error?.status == status)
            #expect(error == nil || error == .fileTooLarge(limit: limit))
        }
    }

    @Test func `is refused by its length before its file is read`() async throws {
        let bytes = 400_000
        let body = InboundBody.form([.file("file", String(repeating: "x", count: bytes))], by: 50, isLengthKnown: true)
        let reader = try Self.reader(body, maxFileBytes: 200_000)
        #expect(await Self.error { try await reader.readAhead(upTo: 500) } == .fileTooLarge(limit: 200_000))
        // What follows the file may be that long, so a little more is no proof.
        let close = InboundBody.form([.file("file", String(repeating: "x", count: bytes))], by: 50, isLengthKnown: true)
        let other = try Self.reader(close, maxFileBytes: 300_000)
        try await other.readAhead(upTo: 500)
        #expect(await Self.error { _ = try await Self.file(other) } == .fileTooLarge(limit: 300_000))
    }

    @Test(arguments: [(0, false), (64 << 10, false), ((64 << 10) + 1, true)])
    func `may have little behind its end`(length: Int, isRefused: Bool) async throws {
        let epilogue = String(repeating: " ", count: length)
        let chunks = [TestForm.text([.file("file", "x")])] + epilogue.pieces(of: 1000)
        let reader = try Self.reader(.arriving(chunks, type: TestForm.contentType))
        let error = await Self.error { try await reader.readAhead(upTo: 1 << 30) }
        #expect((error?.code == .invalidMultipart) == isRefused)
        if isRefused { #expect(error?.hint?.contains("closing boundary") == true) }
    }

    // MARK: Faults

    private static let faults: [(parts: [TestForm.Part], code: APIError.Code, param: String)] = [
        ([.file("file", "a"), .file("file", "b")], .tooManyFiles, "file"),
        ([.file("file", "a"), .file("cv", "b")], .tooManyFiles, "cv"), ([.file("cv", "a")], .missingFile, "cv"),
        ([.file("candidate[file]", "a")], .missingFile, "candidate[file]"),
    ]

    @Test(arguments: faults.indices) func `holds one file, in the part for it`(index: Int) async throws {
        let row = Self.faults[index]
        let reader = try Self.reader(.form(row.parts, by: 10))
        let error = await Self.error { try await reader.readAhead(upTo: Self.large) }
        #expect(error?.code == row.code && error?.param == row.param && error?.hint != nil)
        if row.code == .missingFile {
            #expect(error?.insight["missing_required_body_fields"]?["value"] == ["file"])
        }
    }

    @Test(arguments: ["files", "file[0]", "files[]"]) func `may have its file under a library's name`(name: String) async throws {
        let reader = try Self.reader(.form([.file(name, "a")]))
        let error = await Self.error { try await reader.readAhead(upTo: Self.large) }
        #expect((error == nil) == FileFieldName.isFile(name))
        #expect((error == nil) == (name != "files"))
    }

    @Test(arguments: [1, 10, 30]) func `that ends early is no form`(missing: Int) async throws {
        let text = TestForm.text(Self.parts)
        let body = InboundBody.arriving([String(text.dropLast(missing + 2))], type: TestForm.contentType)
        let reader = try Self.reader(body)
        let error = await Self.error { try await reader.readAhead(upTo: Self.large) }
        #expect(error?.code == .invalidMultipart && error?.hint?.contains("closing boundary") == true)
    }

    @Test func `passes on why its connection has ended`() async throws {
        let body = InboundBody.arriving([String(TestForm.text(Self.parts).prefix(150))], type: TestForm.contentType, failure: Broken())
        let reader = try Self.reader(body)
        await #expect(throws: Broken.self) { try await reader.readAhead(upTo: Self.large) }
    }

    @Test(arguments: ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=a/b c"])
    func `needs a boundary`(type: String) async {
        let error = await Self.error { _ = try Self.reader(.arriving([], type: type)) }
        if type.hasSuffix("c") { return #expect(error == nil || error?.code == .invalidMultipart) }
        #expect(error?.code == .invalidMultipart && error?.hint?.contains("boundary") == true)
    }

    // MARK: JSON and bare files

    @Test(arguments: [1, 5, 1 << 20]) func `in JSON has its file as base64, wherever it stands`(size: Int) async throws {
        let text = #"{"candidate_id":7,"file":"YWJjZA==","note":{"a":[1]}}"#
        let reader = try Self.reader(.json(text, by: size))
        try await reader.readAhead(upTo: Self.large)
        #expect(reader.isJSON && reader.isEncoded && reader.isWhole)
        #expect(reader.fields.map(\.name) == ["candidate_id", "note"])
        #expect(reader.fields.map(\.value.json) == [7, ["a": [1]]])
        #expect(reader.lateFields == ["note"])
        #expect(reader.wholeFile.reduce(into: "") { $0 += String(buffer: $1) } == "abcd")
    }

    @Test(
        arguments: [
            (#"{"a":1"#, .invalidJSON, "whole document"), (#"{"file":"YW"#, .invalidJSON, "whole document"),
            ("[1]", .invalidBody, "JSON object"),
            (#"{"a":01}"#, .invalidJSON, "JSON"), (#"{"file":"!!"}"#, .invalidFile, "base64"),
            (#"{"file":"undefined"}"#, .invalidFile, "no bytes"), (#"{"file":"https://a.test/cv.pdf"}"#, .invalidFile, "file_url"),
            (#"{"file":"YQ==","file":"YQ=="}"#, .tooManyFiles, "one call for each"),
        ] as [(String, APIError.Code, String)])
    func `in JSON that cannot be read says so`(text: String, code: APIError.Code, hint: String) async throws {
        let reader = try Self.reader(.json(text))
        let error = await Self.error { try await reader.readAhead(upTo: Self.large) }
        #expect(error?.code == code)
        #expect(error?.hint?.contains(hint) == true, "\(error?.hint ?? "")")
    }

    @Test func `that is the file itself is as long as the request says`() async throws {
        let bytes = String(repeating: "x", count: 1000)
        let body = InboundBody.arriving(
            bytes.pieces(of: 100), type: "application/pdf", disposition: "attachment; filename=\"cv.pdf\"", length: 1000)
        let reader = try Self.reader(body)
        try await reader.readAhead(upTo: 300)
        #expect(reader.fileSize == 1000, "known before it has come")
        #expect(reader.file?.filename == "cv.pdf")
        #expect(try await Self.file(reader) == bytes)
    }

    @Test func `that is the file itself is refused by its exact length`() async throws {
        let body = InboundBody.arriving(["x"], type: "application/pdf", length: 1001)
        let reader = try Self.reader(body, maxFileBytes: 1000)
        #expect(await Self.error { try await reader.readAhead(upTo: 1) } == .fileTooLarge(limit: 1000))
    }

    @Test func `is the file itself where the query names one`() async throws {
        let type = "application/x-www-form-urlencoded"
        let named = try Self.reader(.arriving(["a=b"], type: type), fileName: "cv.docx")
        try await named.readAhead(upTo: Self.large)
        #expect(named.file != nil && named.fileSize == 3 && named.fields.isEmpty, "it is the file itself")
        let unnamed = try Self.reader(.arriving(["a=b"], type: type))
        try await unnamed.readAhead(upTo: Self.large)
        #expect(unnamed.file == nil && unnamed.fields.map(\.name) == ["a"])
    }

    // MARK: Digest

    @Test(arguments: [10, 1 << 20]) func `has a digest of its file once that has passed`(ahead: Int) async throws {
        let bytes = String(repeating: "0123456789", count: 100)
        let digest = FileDigest()
        let reader = try Self.reader(.form([.file("file", bytes), .field("late", "x")], by: 50), digest: digest)
        try await reader.readAhead(upTo: ahead == 10 ? 200 : ahead)
        if ahead == 10 { #expect(digest.field == nil) }
        _ = try await Self.file(reader)
        try await reader.finish()
        let expected = Data(SHA256.hash(data: Data(bytes.utf8))).base64EncodedString()
        #expect(digest.field == "sha-256=:\(expected):")
    }

    @Test func `goes to disk and comes back whole`() async throws {
        let bytes = String(repeating: "0123456789", count: 20_000)
        let reader = try Self.reader(.form([.file("file", bytes), .field("late", "x")], by: 1000))
        try await reader.readAhead(upTo: 2000)
        let spooled = try await reader.spool(in: SpoolFolder.standard)
        #expect(spooled.length == 200_000 && reader.isWhole && reader.lateFields == ["late"])
        for _ in 0..<2 {
            let source = SpooledSource(spooled)
            #expect(source.fileSize == 200_000 && source.fileSizeBound == 200_000 && source.lateFields.isEmpty)
            var read = ByteBuffer()
            while var chunk = try await source.nextFileChunk() { read.writeBuffer(&chunk) }
            try await source.finish()
            #expect(String(buffer: read) == bytes)
        }
    }

    @Test func `says that the disk has no room, and when to come again`() async throws {
        let reader = try Self.reader(.form([.file("file", "x")]))
        let error = await Self.error { _ = try await reader.spool(in: "/nosuch/folder") }
        #expect(error?.code == .overloaded && error?.status == 503 && error?.headerFields == [.retryAfter: "30"])
        #expect(error?.message.contains("disk") == true)
    }
}
