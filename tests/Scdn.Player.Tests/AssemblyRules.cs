// Every test has its fixture's fields for itself.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
