@_spi(Engine) import JSON
import Testing

@_spi(Engine) import JSONata

@testable import MappingFunctions

/// The rules of `docs/mapping-functions.md`, "Names, phones and times".
@Suite struct ContactFunctionTests {
    private func result(_ expression: String) throws -> JSONValue? {
        try Expression(expression, library: .mapping).evaluate(.object([:]))
    }

    @Test(
        arguments: [
            ("Ada Lovelace", "Ada", "Lovelace"), ("  Ada   King  Lovelace ", "Ada King", "Lovelace"), ("Cher", "Cher", nil),
            ("Vincent van Gogh", "Vincent", "van Gogh"), ("Maria de la Cruz", "Maria", "de la Cruz"),
            ("Robert De Niro", "Robert", "De Niro"),
            ("Van Morrison", "Van", "Morrison"), ("de Gaulle", "de", "Gaulle"), ("Lovelace, Ada", "Ada", "Lovelace"),
            ("van Gogh, Vincent Willem", "Vincent Willem", "van Gogh"), ("Martin King Jr.", "Martin", "King Jr."),
            ("Martin King, Jr.", "Martin", "King Jr."), ("Jane Doe, PhD, MBA", "Jane", "Doe PhD MBA"), ("Lovelace,", "Lovelace", nil),
            (", Ada", "Ada", nil), ("III", "III", nil), ("Anna von", "Anna", "von"), ("王小明", "王小明", nil),
            ("Ada\r\nLovelace", "Ada", "Lovelace"), ("Zoë\tde  Vries", "Zoë", "de Vries"), ("Trần, Chloé", "Chloé", "Trần"),
            ("Ada Lovelace P.h.D.", "Ada", "Lovelace P.h.D."),
        ] as [(String, String, String?)]) func `a name splits by one rule`(text: String, first: String, last: String?) throws
    {
        let name = try #require(PersonName(text))
        #expect(name.first == first)
        #expect(name.last == last)
    }

    @Test(arguments: ["", "  ", ",", " , , "]) func `no word is no name`(text: String) {
        #expect(PersonName(text) == nil)
    }

    @Test(arguments: [
        ("mobile", "mobile"), ("Mobile Phone", "mobile"), ("CELL", "mobile"), ("home_phone", "home"), ("personal", "home"),
        ("businessPhone", "work"), ("phone", "phone"), ("Pager", "Pager"), ("work fax", "fax"), ("Others", "other"),
    ]) func `kinds of phones fold`(word: String, type: String) { #expect(ContactTypes.phone(word) == type) }

    @Test(arguments: [
        ("personal", "personal"), ("Home", "personal"), ("work_email", "work"), ("Corporate", "work"), ("primary", "primary"),
    ]) func `kinds of e-mail fold`(word: String, type: String) { #expect(ContactTypes.email(word) == type) }

    @Test(
        arguments: [
            ("LinkedIn", nil, "linkedin"), ("linkedin_url", nil, "linkedin"), ("https://uk.linkedin.com/in/ada", nil, "linkedin"),
            ("linkedin.com/in/ada", nil, "linkedin"), ("https://notlinkedin.com", nil, "website"), ("X", nil, "twitter"),
            ("Portfolio", nil, "portfolio"), ("Vimeo", nil, "Vimeo"), ("other", "https://github.com/ada", "github"),
            ("other", "https://ada.example", "other"), ("website", nil, "website"), ("blog", "https://medium.com/@ada", "blog"),
            (nil, "https://gitlab.com/ada", "gitlab"), (" ", "ada.example", "website"), (nil, nil, nil), (nil, "no address", nil),
        ] as [(String?, String?, String?)]) func `kinds of web addresses fold, by word or by host`(
            word: String?, address: String?, type: String?
        )
    { #expect(ContactTypes.url(word, address: address) == type) }

    @Test(arguments: [
        ("'2024-05-01T10:00:00.123Z'", "2024-05-01T10:00:00.123Z"), ("'2024-05-01T10:00:00Z'", "2024-05-01T10:00:00.000Z"),
        ("'2024-05-01T10:00:00.999999Z'", "2024-05-01T10:00:00.999Z"), ("'2024-05-01T01:00:00-0900'", "2024-05-01T10:00:00.000Z"),
        ("'2024-05-01 10:00:00 UTC'", "2024-05-01T10:00:00.000Z"), ("'2024-05-01 12:00:00 +0200'", "2024-05-01T10:00:00.000Z"),
        ("'2024-05-01 10:00:00'", "2024-05-01T10:00:00.000Z"), ("'2024-05-01'", "2024-05-01T00:00:00.000Z"),
        ("'1714557600'", "2024-05-01T10:00:00.000Z"), ("'1714557600123'", "2024-05-01T10:00:00.123Z"),
        ("1714557600.5", "2024-05-01T10:00:00.500Z"), ("0", "1970-01-01T00:00:00.000Z"), ("-1714557600000", "1915-09-02T14:00:00.000Z"),
        ("'/Date(1714557600000)/'", "2024-05-01T10:00:00.000Z"), ("'/Date(1714557600000+0200)/'", "2024-05-01T10:00:00.000Z"),
        ("'/Date(-1000)/'", "1969-12-31T23:59:59.000Z"), ("$dtFromIso('2024-05-01T12:00:00+02:00')", "2024-05-01T10:00:00.000Z"),
        ("'2024-05-01T12:00:00', 'Europe/Berlin'", "2024-05-01T10:00:00.000Z"),
        ("'2024-05-01T12:00:00Z', 'Europe/Berlin'", "2024-05-01T12:00:00.000Z"),
        ("'2024-05-01', 'No/Where'", "2024-05-01T00:00:00.000Z"),
    ]) func `times come out in one form`(argument: String, text: String) throws {
        #expect(try result("$isoTime(\(argument))") == .string(text))
    }

    @Test(arguments: [
        "$isoTime(missing)", "$isoTime('')", "$isoTime('soon')", "$isoTime('2024-13-01')", "$isoTime(true)", "$isoTime({})",
        "$isoTime(1e300)",
        "$isoTime(8.64e15)", "$isoTime('/Date()/')", "$isoTime()", "$splitName(missing)", "$splitName(null)", "$splitName(5)",
        "$splitName()", "$splitName(' ')",
        "$phoneType(missing)", "$phoneType(null)", "$emailType('')", "$emailType({})", "$urlType(missing, null)", "$urlType()",
    ]) func `what cannot be read gives nothing`(expression: String) throws {
        #expect(try result(expression) == nil)
    }

    @Test(arguments: [
        "http://user:pass@www.GitHub.com:8080/a?b#c", "HTTPS://X.COM", "notx.com", "linkedin.com?u=http://github.com",
        "linkedin.com/?u=://", "mailto:ada@github.com", "mailto:ada@github.com/x://y", "1http://github.com", "h_p://github.com",
        "svn+ssh://a.b", "http://github", "http://", "http://#a.b", "://github.com", "ada@github.com", "a@b@c.de", "github.com:80a",
        "github.com:", "github.com:1:2", "git hub.com", "git\nhub.com", "git\r\nhub.com", "github.com.", ".github.com", "a#b.com",
        "a/b.com",
        "http:/github.com", "http:///github.com", "ftp://a.b:21", "[::1].x", ".", "..", ":", "", "a",
    ]) func `hosts are found in ASCII as in any text`(text: String) {
        let isAbsolute = text.contains("://")
        let address = text.contains(where: \.isWhitespace) ? nil : WebAddress(isAbsolute ? text : "https://" + text)
        let host = Array(text.utf8).withUnsafeBufferPointer { WebAddress.host(inASCII: $0) }
        #expect(host == address.flatMap { $0.hostname.contains(".") ? $0.hostname : nil })
    }

    @Test func `times of the common form are read as any other`() {
        let texts = [
            "2024-02-29T23:59:59Z", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-00-10T00:00:00Z", "2024-01-00T00:00:00Z",
            "0000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999999999Z", "2024-01-01T24:00:00Z", "2024-01-01T23:60:00Z",
            "2024-01-01T23:59:60Z", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00.1Z", "2024-01-01T00:00:00.12Z", "2024-01-01T00:00:00,5Z",
            "2024-01-01T00:00:00.1234567890Z", "2024-01-01T00:00:00.12a4Z", "2024-01-01T00:00:00z", "2024-01-01T00:00:00", "Z", "",
        ]
        for text in texts {
            let fast = Array(text.utf8).withUnsafeBufferPointer { WireTime.millis($0) }
            if let fast { #expect(fast == WireTime.millis(text, zone: .utc), "\(text)") }
        }
        for millis in [0, -1, 1, 951_782_400_123, -62_167_219_200_000, 253_402_300_799_999, 1_709_251_199_999] {
            let text = String(unsafeUninitializedCapacity: WireTime.length) {
                WireTime.write(millis, to: $0.baseAddress!)
                return WireTime.length
            }
            #expect(text == DateTime(millis: millis, zone: .utc).iso)
        }
    }

    @Test func `null stays null`() throws { #expect(try result("$isoTime(null)") == .null) }
}
