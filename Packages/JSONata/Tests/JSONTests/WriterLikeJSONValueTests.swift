import Testing

@_spi(Engine) @testable import JSON

/// The two writers have to agree where records are written from an arena.
@Suite struct WriterLikeJSONValueTests {
    @Test(arguments: [
        #"{"a":1.0,"b":-0,"c":1e5,"d":12345678901234567890}"#, #"["\"\\\/\b\f\n\r\t\u0000\u001f\u007f","é😀","\u2028"]"#,
        #"["\ud800","a\udc00b","\ud83d\ude00"]"#, #"{"\ud800":"\u00e9"}"#, "[]", "{}", "[[],{}]", "null", "true", #""""#,
        #"{"2":1,"1":2,"x":3}"#,
    ])
    func `texts are the same`(text: String) throws {
        let arena = Arena()
        defer { arena.destroy() }
        let value = try Array(text.utf8).withUnsafeBytes { try ValueReader.read($0, in: arena) }
        #expect(try Self.written(value) == value.jsonValue()?.text())
    }

    @Test(arguments: [0.1 + 0.2, 1e15, 1e21, 1e-7, -0.0, 123456789012345680, 2.5, 1e300, -1e-300, .nan, .infinity])
    func `numbers are the same`(number: Double) throws {
        let value = Value(number)
        #expect(try Self.written(value) == value.jsonValue()?.text())
    }

    @Test(arguments: [(999, true), (1000, true), (1001, false), (1002, false)])
    func `depth is held to the same limit`(depth: Int, isWritten: Bool) throws {
        let arena = Arena()
        defer { arena.destroy() }
        var value = Value(1.0)
        for _ in 0..<depth {
            let elements = arena.values(1)
            elements[0] = value
            value = Value(array: elements, count: 1)
        }
        #expect(((try? value.jsonValue()) != nil) == isWritten)
        #expect(((try? Self.written(value)) != nil) == isWritten)
    }

    @Test func `an object that is passed on is written as it was read`() throws {
        let text = #"{ "b" : 1.0, "a":[ ], "b":"\u00e9" }"#
        let arena = Arena()
        defer { arena.destroy() }
        let value = try Array(text.utf8).withUnsafeBytes { try ValueReader.read($0, in: arena) }
        #expect(try Self.written(value.with(Value.Flag.verbatim)) == text)
        #expect(try value.with(Value.Flag.verbatim).jsonValue()?.text() == text)
        #expect(try Self.written(value) == #"{"b":"é","a":[]}"#)
    }

    private static func written(_ value: Value) throws -> String {
        var writer = ValueWriter(sink: ByteSink(capacity: 16))
        defer { writer.sink.destroy() }
        writer.asJSONValue = true
        try writer.write(value)
        return String(decoding: writer.sink.bytes, as: UTF8.self)
    }
}
