import Synchronization
import Testing

@testable import attache

/// What an upload shows of itself, and when.
@Suite struct ProgressMeterTests {
    /// A meter with a clock of the test's own, and what it has drawn.
    private final class Drawing: Sendable {
        let start = ContinuousClock.now
        let meter: ProgressMeter
        private let box = Box()

        init(total: Int?, style: ProgressMeter.Style) {
            meter = ProgressMeter(total: total, style: style, start: start) { [box] in box.add($0) }
        }

        var lines: [String] { box.all }
        func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }
    }

    private final class Box: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    @Test func `a bar is drawn by time, whether bytes have moved or not`() {
        let drawing = Drawing(total: 8_000_000, style: .bar)
        #expect(ProgressMeter.Style.bar.lead == .milliseconds(200))
        drawing.meter.draw(at: drawing.at(0.2))
        #expect(drawing.lines.last?.contains("0%  0 B of 8.0 MB") == true)
        drawing.meter.add(1_000_000, at: drawing.at(1))
        drawing.meter.draw(at: drawing.at(1.1))
        #expect(drawing.lines.last?.contains("12%  1.0 MB of 8.0 MB") == true)
        drawing.meter.draw(at: drawing.at(4))
        #expect(drawing.lines.last?.contains("stalled for 3 s") == true)
        #expect(drawing.lines.last?.contains("left") == false)
    }

    @Test func `what has been sent whole waits for its response`() {
        let drawing = Drawing(total: 10, style: .bar)
        drawing.meter.add(10, at: drawing.at(1))
        drawing.meter.sentWhole(at: drawing.at(1))
        drawing.meter.draw(at: drawing.at(6))
        #expect(drawing.lines.last?.contains("100%  10 B of 10 B  waiting for the response  5 s") == true)
        drawing.meter.finish(at: drawing.at(7))
        #expect(drawing.lines.last == "\n" && drawing.lines.dropLast().last?.contains("waiting") == false)
        let count = drawing.lines.count
        drawing.meter.draw(at: drawing.at(8))
        drawing.meter.leave()
        #expect(drawing.lines.count == count)
    }

    @Test(arguments: [ProgressMeter.Style.lines, .none])
    func `away from a terminal a short upload shows nothing`(style: ProgressMeter.Style) {
        let drawing = Drawing(total: 81_100, style: style)
        drawing.meter.add(81_100, at: drawing.at(0.1))
        drawing.meter.finish(at: drawing.at(0.2))
        #expect(drawing.lines.isEmpty)
    }

    @Test func `away from a terminal a long one leaves lines`() {
        let drawing = Drawing(total: nil, style: .lines)
        drawing.meter.add(1000, at: drawing.at(4))
        drawing.meter.draw(at: drawing.at(5))
        drawing.meter.finish(at: drawing.at(6))
        #expect(drawing.lines.count == 2 && drawing.lines.allSatisfy { $0.hasSuffix("\n") && !$0.contains("\r") })
    }

    @Test func `idle time counts from the last byte`() {
        let drawing = Drawing(total: nil, style: .none)
        #expect(drawing.meter.idle(at: drawing.at(3)) == .seconds(3))
        drawing.meter.add(1, at: drawing.at(3))
        #expect(drawing.meter.idle(at: drawing.at(4)) == .seconds(1))
        drawing.meter.sentWhole(at: drawing.at(5))
        #expect(drawing.meter.idle(at: drawing.at(5)) == .zero)
    }

    @Test(arguments: [
        (
            UploadFate(sent: 3_100_000, total: 8_000_000, isWhole: false), false,
            "Only 3.1 MB of 8.0 MB were sent, so the file was not stored"
        ),
        (UploadFate(sent: 500, total: nil, isWhole: false), true, "Only 500 B were sent, so the file was not stored"),
        (UploadFate(sent: 10, total: 10, isWhole: false), false, "Only 10 B of 10 B were sent, so the file was not stored"),
        (
            UploadFate(sent: 10, total: 10, isWhole: true), false,
            "The whole file was sent and may be stored; look at the candidate's files before you send it again"
        ),
        (
            UploadFate(sent: 10, total: 10, isWhole: true), true,
            "The whole file was sent and may be stored; the same command with the same --idempotency-key does not store it twice"
        ),
    ])
    func `an upload without a response says what became of the file`(fate: UploadFate, hasKey: Bool, text: String) {
        #expect(fate.sentence(hasIdempotencyKey: hasKey) == text)
    }
}
