import Telemetry

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the system says of this process. What it does not say, as `/proc` outside of Linux, is left out.
struct ProcessFigures: Sendable {
    var memoryBytes: Double?
    var cpuSeconds: Double
    var openFiles: Double?
    var maxFiles: Double?
    var startTime: Double?

    static func read() -> Self {
        var usage = rusage()
        #if canImport(Glibc)
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        #else
            getrusage(RUSAGE_SELF, &usage)
        #endif
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return ProcessFigures(
            memoryBytes: residentPages().map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) },
            cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            openFiles: (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map { Double($0.count) },
            maxFiles: FileLimit.openFiles, startTime: started())
    }

    func tell(_ meters: Meters) {
        if let memoryBytes { meters.set(.memory, [], memoryBytes) }
        meters.set(.cpu, [], cpuSeconds)
        if let openFiles { meters.set(.openFiles, [], openFiles) }
        if let maxFiles { meters.set(.maxFiles, [], maxFiles) }
        if let startTime { meters.set(.startTime, [], startTime) }
    }

    /// The second figure of `statm`.
    private static func residentPages() -> Double? {
        text("/proc/self/statm")?.split(separator: " ").dropFirst().first.flatMap { Double($0) }
    }

    /// Field 22 of `stat`, in ticks since the system started, whose moment is in `/proc/stat`.
    private static func started() -> Double? {
        guard let stat = text("/proc/self/stat"), let name = stat.lastIndex(of: ")"),
            let ticks = stat[name...].split(separator: " ").dropFirst(20).first.flatMap({ Double($0) }),
            let line = text("/proc/stat")?.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
            let boot = line.split(separator: " ").last.flatMap({ Double($0) })
        else { return nil }
        return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).flatMap { String(validating: $0, as: UTF8.self) }
    }
}

private enum FileLimit {
    static var openFiles: Double? {
        var limit = rlimit()
        #if canImport(Glibc)
            guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        #else
            guard getrlimit(RLIMIT_NOFILE, &limit) == 0 else { return nil }
        #endif
        return Double(limit.rlim_cur)
    }
}
