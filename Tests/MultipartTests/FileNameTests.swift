import Multipart
import Testing

struct FileNameTests {
    static let hostile: [String] =
        [
            "", ".", "..", "../../etc/passwd", #"..\..\windows\system32\cmd.exe"#, "/", "a/", "a\0.pdf", "CON", "con.txt",
            "LPT1", "COM9.pdf", "COM0", "cv\u{202E}fdp.exe", "\u{2066}x\u{2069}", "a\r\nb: c", "a\u{85}b\u{2028}c", "\u{FEFF}x",
            "\"quoted\"", "'; DROP TABLE", "%2e%2e%2f", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}.png", "Zoë Müller.pdf",
            " padded ", "dots...", ". . .", "~", "-rf", "$(id)", "`id`", "<script>", "a|b", "\u{7F}", "\u{1B}[31m",
            String(repeating: "a", count: 10_240), String(repeating: "\u{1F600}", count: 2_560) + ".pdf",
            "z" + String(repeating: "\u{301}", count: 10_000), "a." + String(repeating: "x", count: 10_000),
            String(repeating: "/", count: 10_000), String(repeating: ".", count: 10_000),
        ]

    @Test(arguments: [
        ("cv.pdf", "cv.pdf"),
        ("Zoë Müller.pdf", "Zoë Müller.pdf"),
        ("\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}.png", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}.png"),
        ("say \"hi\".pdf", "say \"hi\".pdf"),
        (".gitignore", ".gitignore"),
        ("../../etc/passwd", "passwd"),
        (#"C:\Users\me\cv.pdf"#, "cv.pdf"),
        (#"mixed/of\both.pdf"#, "both.pdf"),
        ("dir/", "dir"),
        ("..", "file"),
        ("a/..", "file"),
        ("", "file"),
        ("\u{202E}\u{200B}", "file"),
        ("cv\u{202E}fdp.exe", "cvfdp.exe"),
        ("a\0b\r\nc\u{7F}d\u{9F}e", "abcde"),
        ("  cv.pdf . ", "cv.pdf"),
        ("CON", "_CON"),
        ("nul.tar.gz", "_nul.tar.gz"),
        ("com1.pdf", "_com1.pdf"),
        ("COM0", "COM0"),
        ("CONTRACT.pdf", "CONTRACT.pdf"),
        (String(repeating: "ü", count: 200) + ".pdf", String(repeating: "ü", count: 125) + ".pdf"),
        (String(repeating: "a", count: 300), String(repeating: "a", count: 254)),
        (String(repeating: "a", count: 255), String(repeating: "a", count: 255)),
        ("a." + String(repeating: "x", count: 300), "a." + String(repeating: "x", count: 252)),
    ])
    func `a name is made safe`(name: String, safe: String) {
        #expect(FileName.sanitized(name) == safe)
    }

    @Test(arguments: hostile)
    func `whatever comes, the rules hold`(name: String) {
        let safe = FileName.sanitized(name)
        #expect((1...255).contains(safe.utf8.count))
        #expect(safe != "." && safe != "..")
        #expect(
            !safe.unicodeScalars.contains { scalar in
                scalar == "/" || scalar == "\\" || scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
            })
        #expect(FileName.sanitized(safe) == safe)
    }
}
