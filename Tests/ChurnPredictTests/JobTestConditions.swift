import HandlerSDK

/// Surroundings that differ in everything that outputs must not depend on.
enum JobTestConditions {
    static var later: JobTest.Conditions {
        var conditions = JobTest.Conditions()
        conditions.wallTime = .seconds(1_800_000_000)
        conditions.jobID = "another-job"
        conditions.attempt = 3
        conditions.seed = 9
        return conditions
    }
}
