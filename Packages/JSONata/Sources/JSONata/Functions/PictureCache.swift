@_spi(Engine) import JSON
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The pictures compiled lately, found by their text: a mapping uses a few of them over and over.
struct PictureCache<Picture> {
    private var entries: [(text: [UInt8], picture: Picture)] = []
    private static var most: Int { 16 }

    mutating func picture(
        _ text: Value, _ compile: (String) throws(JSONataError) -> Picture
    ) throws(JSONataError) -> Picture {
        let bytes = text.bytes
        guard bytes.count <= PictureLimit.longest else { throw PictureLimit.fault }
        for at in entries.indices {
            if entries[at].text.count == bytes.count, memcmp(entries[at].text, text.utf8, bytes.count) == 0 {
                return entries[at].picture
            }
        }
        let picture = try compile(text.text)
        if entries.count == Self.most { entries.removeFirst() }
        entries.append((Array(bytes), picture))
        return picture
    }
}

/// Pictures are written by people: a longer one is a mistake, or an attack, as compiling it takes more than linear time.
enum PictureLimit {
    /// Bytes of UTF-8.
    static let longest = 1000

    static var fault: JSONataError {
        JSONataError("D3142", "a picture has at most \(longest) characters")
    }
}

/// The pictures of one context.
struct PictureCaches {
    var dates = PictureCache<DatePicture>()
    var plainDates = PictureCache<PlainDatePicture?>()
    var numbers = PictureCache<NumberPicture>()
    var plainNumbers = PictureCache<PlainNumberPicture?>()
    var integers = PictureCache<IntegerPicture>()
}
