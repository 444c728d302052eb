import Foundation
import TestSupport
import Testing

@testable import attache

@Suite struct DevDirectoryTests {
    @Test func `a run removes its own folder, and those of runs that were killed`() async throws {
        try await withTemporaryPath { temporary in
            let files = FileManager.default
            // Another program's, and one of a run that is about to lock it.
            for name in ["other", "attache-dev-new"] {
                try files.createDirectory(atPath: "\(temporary)/\(name)", withIntermediateDirectories: true)
            }
            try files.createDirectory(atPath: "\(temporary)/attache-dev-killed", withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: "\(temporary)/attache-dev-killed/lock"))
            try Data().write(to: URL(fileURLWithPath: "\(temporary)/attache-dev-killed/attache.sqlite"))
            let first = try DevDirectory(nil, in: temporary)
            #expect(files.fileExists(atPath: first.path))
            let second = try DevDirectory(nil, in: temporary)
            #expect(files.fileExists(atPath: first.path), "it is in use")
            first.remove()
            second.remove()
            #expect(try files.contentsOfDirectory(atPath: temporary).sorted() == ["attache-dev-new", "other"])
        }
    }

    @Test func `a folder that was given stays`() async throws {
        try await withTemporaryPath { path in
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try DevDirectory(path).remove()
            #expect(FileManager.default.fileExists(atPath: path))
        }
    }
}
