import Testing

@testable import attache

struct ProgressLineTests {
    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1550, "1.6 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"),
        (27_000_000, "27.0 MB"), (5_368_709_120, "5.4 GB"), (7_000_000_000_000_000, "7000.0 TB"),
    ])
    func `sizes are in decimal units with one digit`(bytes: Int, text: String) {
        #expect(ProgressLine.size(bytes) == text)
    }

    @Test(arguments: [
        (0.2, "1 s"), (59, "59 s"), (59.5, "1 min 0 s"), (125, "2 min 5 s"), (3780, "1 h 3 min"),
    ])
    func `times are whole and rounded up`(seconds: Double, text: String) {
        #expect(ProgressLine.time(seconds) == text)
    }

    @Test func `a line tells share, size, rate and what is left`() {
        let line = ProgressLine(sent: 5_000_000, total: 20_000_000, elapsed: .seconds(2))
        #expect(line.text == "25%  5.0 MB of 20.0 MB  2.5 MB/s  6 s left")
        #expect(line.bar == "[======>                 ] 25%  5.0 MB of 20.0 MB  2.5 MB/s  6 s left")
    }

    @Test(arguments: [
        (ProgressLine(sent: 10, total: 10, elapsed: .seconds(1)), "[========================] 100%  10 B of 10 B  10 B/s"),
        (ProgressLine(sent: 0, total: 0, elapsed: .zero), "100%  0 B of 0 B"),
        (ProgressLine(sent: 1000, total: nil, elapsed: .seconds(1)), "1.0 kB  1.0 kB/s"),
        (
            ProgressLine(sent: 1000, total: 2000, elapsed: .seconds(9), phase: .sending(idle: .seconds(2))),
            "[============>           ] 50%  1.0 kB of 2.0 kB  stalled for 2 s"
        ),
        (
            ProgressLine(sent: 2000, total: 2000, elapsed: .seconds(1), phase: .waiting(.milliseconds(999))),
            "[========================] 100%  2.0 kB of 2.0 kB  2.0 kB/s"
        ),
        (ProgressLine(sent: 1000, total: 2000, elapsed: .milliseconds(99)), "[============>           ] 50%  1.0 kB of 2.0 kB"),
    ])
    func `a line says only what is known`(line: ProgressLine, bar: String) {
        #expect(line.bar == bar)
    }
}
