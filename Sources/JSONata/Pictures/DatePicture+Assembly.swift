/// From components to a moment.
extension DatePicture {
    /// The ways a date may be given, by the components each uses; the first that covers those present is taken.
    ///
    /// As in the reference, no time of day can follow a day of the year: the day of the month counts as left out.
    private static let dateShapes: [(components: String, order: String)] = [
        ("YMD", "YMD"), ("Yd", "YD"), ("Xxw", "XxwF"), ("XW", "XWF"),
    ]

    static func millis(_ found: [UInt8: Double], now: CivilDate) throws(JSONataError) -> Double {
        // As in the reference, a component that is 0 does not take part in recognising the shape.
        let dates = "YXMxWwdD".utf8.filter { (found[$0] ?? 0) != 0 }
        let times = "PHhmsf".utf8.filter { (found[$0] ?? 0) != 0 }
        let shape = dates.isEmpty ? dateShapes[0] : dateShapes.first { shape in
            dates.allSatisfy(shape.components.utf8.contains)
        } ?? dateShapes[0]
        let halfDay = !times.isEmpty && !times.allSatisfy("Hmsf".utf8.contains) && times.allSatisfy("Phmsf".utf8.contains)
        let clock = halfDay ? "Phmsf" : "Hmsf"
        var values = found
        var started = false
        var ended = false
        for component in (shape.order + clock).utf8 {
            if found[component] != nil {
                started = true
                if ended { throw incomplete }
            } else if started {
                values[component] = "MDd".utf8.contains(component) ? 1 : 0
                ended = true
            } else {
                values[component] = Double(now.component(component))
            }
        }
        if shape.order.utf8.contains(UInt8(ascii: "X")) { throw incomplete }
        func value(_ letter: Unicode.Scalar) -> Int {
            Int(min(max(values[UInt8(ascii: letter)] ?? 0, -1e8), 1e8))
        }
        let month = shape.components == "Yd" ? 1 : max(value("M"), 1)
        let day = shape.components == "Yd" ? value("d") : value("D")
        var hour = value("H")
        if halfDay { hour = (value("h") == 12 ? 0 : value("h")) + (value("P") == 1 ? 12 : 0) }
        // JavaScript's `Date.UTC` takes years of two digits for ones of the last century.
        let year = (0...99).contains(value("Y")) ? 1900 + value("Y") : value("Y")
        let days = CivilDate.days(year: year, month: month, day: day)
        let zone = value("Z") != 0 ? value("Z") : value("z")
        let minutes = days * 1440 + hour * 60 + value("m") - zone
        return Double(minutes * 60_000 + value("s") * 1000 + value("f"))
    }

    private static var incomplete: JSONataError {
        JSONataError("D3136", "The date/time picture string is missing specifiers required to parse the timestamp")
    }
}
