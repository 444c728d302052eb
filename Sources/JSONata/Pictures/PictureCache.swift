import JSON

/// The pictures used lately, compiled. A mapping has a handful of them and applies each to every record.
final class PictureCache {
    private var numbers = Recent<NumberPicture>()
    private var integers = Recent<IntegerPicture>()
    private var dates = Recent<DatePicture>()

    func number(_ picture: Value) throws(JSONataError) -> NumberPicture {
        try numbers.find(picture) { text throws(JSONataError) in try NumberPicture(text) }
    }

    func integer(_ picture: Value) throws(JSONataError) -> IntegerPicture {
        try integers.find(picture) { text throws(JSONataError) in try IntegerPicture(text) }
    }

    func date(_ picture: Value) throws(JSONataError) -> DatePicture {
        try dates.find(picture) { text throws(JSONataError) in try DatePicture(text) }
    }
}

/// Up to a dozen pictures by their text; when there are more, the oldest goes.
private struct Recent<Picture> {
    private var entries: [(text: [UInt8], picture: Picture)] = []
    private var oldest = 0

    mutating func find(
        _ text: Value, _ compile: (String) throws(JSONataError) -> Picture
    ) throws(JSONataError) -> Picture {
        let bytes = text.bytes
        for entry in entries where entry.text.count == bytes.count && entry.text.elementsEqual(bytes) {
            return entry.picture
        }
        let picture = try compile(String(decoding: bytes, as: UTF8.self))
        if entries.count < 12 {
            entries.append((Array(bytes), picture))
        } else {
            entries[oldest] = (Array(bytes), picture)
            oldest = (oldest + 1) % entries.count
        }
        return picture
    }
}
