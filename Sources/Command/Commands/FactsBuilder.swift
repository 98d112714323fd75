import Pipelines
import Reviews

/// Fills the review's facts from a run.
struct FactsBuilder {
  let workspace: Workspace
  let plan: StreamPlan
  let result: PipelineResult
  let feeds: [FileFeed]
  let month: CalendarMonth
  let command: String

  func facts() throws -> ReviewFacts {
    ReviewFacts(
      organisation: workspace.configuration.organisation,
      month: Month(month.text)!, zone: workspace.zoneName, generatedFrom: Rollcall.version)
  }
}
