import JSON
import Multipart
import NIOCore
import Testing
import TestSupport

/// A form as a test wants to see it: fields in order and files whole.
struct Form: Hashable {
    var fields: [String] = []
    var files: [Part] = []
    var maxLengths: [Int?] = []
}

func form(_ reader: FormReader, _ chunks: [ByteBuffer], eager: Bool = false) throws -> Form {
    var reader = reader
    var form = Form()
    var ended = false
    func drain() throws {
        while let event = try reader.next() {
            precondition(!ended)
            switch event {
            case .field(let name, .text(let bytes)): form.fields.append("\(name)=\(String(buffer: bytes))")
            case .field(let name, .json(let value)): form.fields.append("\(name):\(value.text())")
            case .fileStart(let file):
                form.files.append(Part(file.fieldName, filename: file.filename, contentType: file.contentType))
                form.maxLengths.append(file.maxLength)
            case .fileData(let data):
                precondition(data.readableBytes > 0)
                form.files[form.files.count - 1].body += data.readableBytesView
            case .fileEnd: form.fields.append("*")
            case .end: ended = true
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
    return form
}

struct JSONFormReaderTests {
    static func read(_ body: String, cutAt cuts: [Int] = [], limits: FormLimits = .standard) throws -> Form {
        let reader = try FormReader(contentType: "application/json", bodyLength: body.utf8.count, limits: limits)
        return try form(reader, chunks(Array(body.utf8), cutAt: cuts))
    }

    @Test(
        arguments: [
            ("{}", [], nil),
            (" { } ", [], nil),
            ("\u{FEFF}{\"file\":\"Zm9v\"}", ["*"], Part("file", body: "foo")),
            (#"{"file":" data:;base64,Zm8"}"#, ["*"], Part("file", contentType: "text/plain;charset=US-ASCII", body: "fo")),
            (#"{"file":"\r\n Zm9v\nYmFy\n \t"}"#, ["*"], Part("file", body: "foobar")),
            (#"{"file":"Zm9v"}"#, ["*"], Part("file", body: "foo")),
            (#"{"a":1,"file":"Zm9v","b":[{"file":"x"}]}"#, ["a:1", "*", #"b:[{"file":"x"}]"#], Part("file", body: "foo")),
            (
                #" {"n" : -1.50e3 , "s" : "x\"},é\\" , "t":true,"o":{"a":"]","b":[1,{}]} , "file" : "" }"#,
                ["n:-1.50e3", #"s:"x\"},é\\""#, "t:true", #"o:{"a":"]","b":[1,{}]}"#, "*"], Part("file")
            ),
            (#"{"f\u0069le":"Zm9v"}"#, ["*"], Part("file", body: "foo")),
            (#"{"file":"\u005am9v\r\nYmFy\/\/\/\u002f"}"#, ["*"], Part("file", bytes: Array("foobar".utf8) + [255, 255, 255])),
            (#"{"file":" Zm8= "}"#, ["*"], Part("file", body: "fo")),
            (#"{"file":"_-_-"}"#, ["*"], Part("file", bytes: [0xFF, 0xEF, 0xFE])),
            (#"{"file":"data"}"#, ["*"], Part("file", bytes: [0x75, 0xAB, 0x5A])),
            (#"{"file":"da"}"#, ["*"], Part("file", bytes: [0x75])),
            (
                #"{"file":"data:application/pdf;base64,Zm9v"}"#, ["*"],
                Part("file", contentType: "application/pdf", body: "foo")
            ),
            (
                #"{"file":"DATA:text\/plain;charset=utf-8;name=c%20v%2F..%2fx.txt;BASE64,Zg%3D%3D"}"#, ["*"],
                Part("file", filename: "x.txt", contentType: "text/plain;charset=utf-8", body: "f")
            ),
            (
                #"{"file":"data:,a%20b%C3%BCc\u00fc\"+"}"#, ["*"],
                Part("file", contentType: "text/plain;charset=US-ASCII", body: "a bücü\"+")
            ),
            (#"{"file":"data:;base64,"}"#, ["*"], Part("file", contentType: "text/plain;charset=US-ASCII")),
            (#"{"file":null,"file_url":"https://x"}"#, ["file:null", #"file_url:"https://x""#], nil),
            (#"{"file":{"a":1}}"#, [#"file:{"a":1}"#], nil),
            (#"{"file":5}"#, ["file:5"], nil),
        ] as [(String, [String], Part?)])
    func `members and file, however the body is cut`(body: String, fields: [String], file: Part?) throws {
        let count = body.utf8.count
        for cuts in (0...count).map({ [$0] }) + [Array(1..<count)] {
            let form = try Self.read(body, cutAt: cuts)
            #expect(form.fields == fields)
            #expect(form.files == (file.map { [$0] } ?? []))
            for (file, maxLength) in zip(form.files, form.maxLengths) {
                #expect((maxLength ?? 0) >= file.body.count)
            }
        }
    }

    @Test(
        arguments: [
            ("", .truncated, "the body is empty"),
            ("{", .truncated, "the JSON body ends too early"),
            (#"{"a":1"#, .truncated, "the JSON body ends too early"),
            (#"{"file":"Zm9v"#, .truncated, "the body ends inside \"file\""),
            ("file=x", .notJSON, "the body is not a JSON object: it does not start with '{'"),
            ("--b\r\n", .notJSON, "the body is not a JSON object: it does not start with '{'"),
            ("[]", .notAnObject, "the body must be a JSON object"),
            (#""Zm9v""#, .notAnObject, "the body must be a JSON object"),
            ("5", .notAnObject, "the body must be a JSON object"),
            ("null", .notJSON, "the body is not a JSON object: it does not start with '{'"),
            ("{a:1}", .notJSON, "the body is not JSON: expected a member name at byte 1"),
            (#"{"a" 1}"#, .notJSON, "the body is not JSON: expected ':' at byte 5"),
            (#"{"a":1 2}"#, .notJSON, "the body is not JSON: expected ',' or '}' at byte 7"),
            (#"{"a":1,}"#, .notJSON, "the body is not JSON: expected a member name at byte 7"),
            (#"{"a":01}"#, .notJSON, "the body is not JSON: text after the document at byte 6"),
            (#"{"a":tru}"#, .notJSON, "the body is not JSON: unexpected character at byte 5"),
            (#"{"a":}"#, .notJSON, nil),
            (#"{"a":[1,]}"#, .notJSON, nil),
            (#"{"a":1}x"#, .notJSON, "the body is not JSON: text after the document at byte 7"),
            (#"{"a":"\x"}"#, .notJSON, nil),
            ("{\"file\":\"Zm\n9v\"}", .notJSON, "the body is not JSON: control character in a string at byte 11"),
            (#"{"file":"Zm\x9v"}"#, .notJSON, nil),
            (#"{"file":"Zm\u00g9v"}"#, .notJSON, nil),
            (#"{"file":"Zm9v","file":"Zm9v"}"#, .duplicateFile, "\"file\" stands twice in the body"),
            (#"{"file":null,"file":"Zm9v"}"#, .duplicateFile, "\"file\" stands twice in the body"),
            (#"{"file":"your_file"}"#, .undecodableFile, nil),
            (#"{"file":"https://example.com/cv.pdf"}"#, .addressInFile, nil),
            (#"{"file":"http:\/\/example.com"}"#, .addressInFile, nil),
            (#"{"file":"null"}"#, .standInForFile, nil),
            (#"{"file":"undefined"}"#, .standInForFile, nil),
            (#"{"file":"[object Object]"}"#, .standInForFile, nil),
            (#"{"file":"@cv.pdf"}"#, .standInForFile, nil),
            (#"{"file":"file:///tmp/cv.pdf"}"#, .standInForFile, nil),
            (#"{"file":"blob:https://example.com/1"}"#, .standInForFile, nil),
            (#"{"file":"plain text cv"}"#, .undecodableFile, nil),
            (#"{"file":"Zm9v YmFy"}"#, .undecodableFile, nil),
            (#"{"file":" Zm9"}"#, .undecodableFile, nil),
            (#"{"file":"data:a/b;base64,Zm9v YmFy"}"#, .undecodableFile, nil),
            ("\u{FEFF}\u{FEFF}{}", .notJSON, nil),
            ("{\0\"\0", .notJSON, "the body is UTF-16, and JSON is UTF-8"),
            ("\0{\0\"", .notJSON, "the body is UTF-16, and JSON is UTF-8"),
            (#"{"file":"Zm9v!"}"#, .undecodableFile, nil),
            (#"{"file":"Zg="}"#, .undecodableFile, nil),
            (#"{"file":"Zgé="}"#, .undecodableFile, nil),
            (#"{"file":"Zg\ud83d\ude00"}"#, .undecodableFile, nil),
            (#"{"file":"data:nothing"}"#, .undecodableFile, nil),
            (#"{"file":"data:image;base64,Zm9v"}"#, .undecodableFile, nil),
            (#"{"file":"data:text/plain;base64,Zm9"}"#, nil, nil),
            (#"{"file":"data:text/plain;base64,Z"}"#, .undecodableFile, nil),
            (#"{"file":"data:text/plain,%4"}"#, .undecodableFile, nil),
            (#"{"file":"data:text/plain,%zz"}"#, .undecodableFile, nil),
        ] as [(String, FormError.Code?, String?)])
    func `what is wrong is named`(body: String, code: FormError.Code?, message: String?) {
        for cuts in [[], Array(0..<body.utf8.count)] {
            let error = fault { try Self.read(body, cutAt: cuts) }
            #expect(error?.code == code)
            if let message { #expect(error?.message == message) }
        }
    }

    @Test(
        arguments: [
            (#"{"a":"0123456789"}"#, FormLimits(maxFieldBytes: 15), nil),
            (#"{"a":"0123456789"}"#, FormLimits(maxFieldBytes: 14), .tooLarge),
            (#"{"a":1,"b":2}"#, FormLimits(maxParts: 2), nil),
            (#"{"a":1,"b":2}"#, FormLimits(maxParts: 1), .tooMany),
            (#"{"a":[[1]]}"#, FormLimits(maxDepth: 2), nil),
            (#"{"a":[[[1]]]}"#, FormLimits(maxDepth: 2), .notJSON),
            (#"{"file":"AAAAAAAAAAAAAAAAAAAA"}"#, FormLimits(maxFieldBytes: 6), nil),
        ] as [(String, FormLimits, FormError.Code?)])
    func `limits hold, and do not count the file`(body: String, limits: FormLimits, code: FormError.Code?) {
        #expect(fault { try Self.read(body, limits: limits) }?.code == code)
    }

    @Test func `a long file is decoded as it comes`() throws {
        var random = SeededGenerator(seed: 7)
        let bytes = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let body = #"{"file":"\#(Base64Tests.encoded(bytes))"}"#
        let cuts = Array(stride(from: 0, through: body.utf8.count, by: 4093))
        #expect(try Self.read(body, cutAt: cuts).files == [Part("file", bytes: bytes)])
    }
}
