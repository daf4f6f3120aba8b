namespace Scdn.Host.Tests.Data;

/// <summary>Tests of a fresh store of an engine, as one process has it open.</summary>
internal abstract class StoreFixture(Engine engine)
{
    /// <summary>The store.</summary>
    protected SampleStore Sample { get; private set; } = null!;

    /// <summary>The process.</summary>
    protected StoreProcess Process { get; set; } = null!;

    [SetUp]
    public async Task OpenStore()
    {
        Sample = await SampleStore.MakeAsync(engine);
        Process = Sample.Open();
    }

    [TearDown]
    public async Task CloseStore()
    {
        await Process.DisposeAsync();
        Sample.Dispose();
    }
}
