import Testing

@Suite struct AlertsPlaceholder {}
