@_spi(Engine) import JSON
import Testing

/// Objects are read with the names of the one before as a guess: the guess must never show.
@Suite struct ObjectShapeTests {
    private static let many = (0..<20).map { #""k\#($0)":\#($0)"# }.joined(separator: ",")

    static let lists: [String] = [
        #"[{"id":1,"name":"x"},{"id":2,"name":"y"}]"#, #"[{"id":1,"name":"x"},{"id":2}]"#,
        #"[{"id":1},{"id":2,"name":"y"},{"id":3,"name":"z"}]"#, #"[{"id":1,"name":"x"},{"name":"y","id":2}]"#,
        #"[{"id":1,"name":"x"},{"id":2,"id":3}]"#, #"[{"id":1,"name":"x"},{"id":2,"name":"y","id":3}]"#,
        // Names of which one is the start of the other, and of one, two and more words.
        #"[{"ab":1},{"abc":2},{"ab":3},{"a":4}]"#, #"[{"abcdefgh":1},{"abcdefgX":2},{"abcdefghi":3},{"abcdefgh":4}]"#,
        #"[{"abcdefghi":1},{"abcdefghX":2},{"abcdefghij":3},{"abcdefghi":4}]"#,
        #"[{"abcdefghijklmnop":1},{"abcdefghijklmnoX":2},{"abcdefghijklmnop":3}]"#, #"[{"":1},{"":2},{"a":3}]"#,
        // Escapes: what a name means is not how it is written.
        #"[{"a\\":1},{"a\\":2}]"#, #"[{"a\"":1},{"a\"":2}]"#, #"[{"\u0061":1},{"a":2},{"\u0061":3}]"#,
        #"[{"é":1},{"é":2},{"\u00e9":3}]"#,
        // Array indices come first.
        #"[{"b":1,"2":2},{"b":3,"2":4}]"#, #"[{"b":1},{"b":2,"1":3}]"#,
        // Places that meet in one number of the table, and objects in objects.
        #"[{"a":{"x":1},"b":{"y":2}},{"a":{"x":3},"b":{"y":4}},{"a":{"y":3},"b":{"x":4}}]"#,
        "[[{\"a\":1}],[{\"a\":2}],[[{\"a\":3}]]]",
        // More members than are found by scanning.
        "[{\(many)},{\(many)}]", "[{\(many)},{\(many),\"more\":1}]", "[{\(many),\"more\":1},{\(many)}]",
        "[{\(many)},{\(many),\"k3\":9}]",
    ]

    @Test(arguments: lists) func `records of one shape are read as any others`(text: String) throws {
        let arena = Arena()
        defer { arena.destroy() }
        let value = try Array(text.utf8).withUnsafeBytes { try ValueReader.read($0, in: arena) }
        let expected = try JSONValue.parse(text)
        #expect(try value.jsonValue() == expected, "\(text)")
        for (read, wanted) in zip(value.elements, expected.array ?? []) {
            for (key, member) in wanted.object ?? [:] {
                #expect(try read.member(Value(copying: key, in: arena)).jsonValue() == member, "\(text): \(key)")
            }
            if read.isObject { #expect(read.member(Value(copying: "none", in: arena)).isUndefined) }
        }
    }

    @Test func `an object that was read has its text`() throws {
        let arena = Arena()
        defer { arena.destroy() }
        let objects = [#"{"b":"]}\\\"{","10": [ {} , 1.0 ],"10":2}"#, #"{"b" : {"long text of more than one word \\" : [[]]}}"#]
        let value = try Array("[\(objects.joined(separator: " , "))]".utf8).withUnsafeBytes {
            try ValueReader.read($0, in: arena)
        }
        for (object, text) in zip(value.elements, objects) {
            #expect(object.source.map { String(decoding: $0, as: UTF8.self) } == text)
        }
        #expect(Value(["a": 1], in: arena).source == nil)
    }

    @Test(arguments: [#"[{"a":1},{"a"#, #"[{"a":1},{"a""#, #"[{"abcdefghij":1},{"abcdefghi"#, #"[{"a":1},{"a":1"#, #"[{"a":1},{"a" 1}]"#])
    func `a guess does not read past the end`(text: String) {
        let arena = Arena()
        defer { arena.destroy() }
        #expect(throws: JSONError.self) {
            try Array(text.utf8).withUnsafeBytes { try ValueReader.read($0, in: arena) }
        }
    }
}
