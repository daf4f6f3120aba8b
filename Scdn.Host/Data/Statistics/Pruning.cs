namespace Scdn.Host.Data.Statistics;

/// <summary>
/// The order in which old rows go. First the horizon is raised, before which no record is taken any more; then goes what was before it. So nothing that was deleted can come a second time as new.
/// </summary>
internal static class Pruning
{
    /// <param name="keep">For how long.</param>
    /// <param name="now">Now.</param>
    /// <param name="raise">Raises the horizon, if it is not there yet, behind all that is being taken at the moment; gives where it is.</param>
    /// <param name="deletePage">Deletes a page of a table's rows from before an instant; gives how many.</param>
    public static async Task RunAsync(RecordRetention keep, DateTimeOffset now, Func<long, Task<long>> raise, Func<PrunedTable, long, Task<int>> deletePage)
    {
        var horizon = await raise(Before(keep.Records));
        foreach (var table in PrunedTable.OfRecords) await DeleteAsync(table, horizon);
        await DeleteAsync(PrunedTable.Plays, Before(RecordRetention.Plays));
        await DeleteAsync(PrunedTable.Reports, Before(keep.Reports));
        foreach (var table in PrunedTable.OfHours) await DeleteAsync(table, Before(RecordRetention.Hours));

        long Before(TimeSpan age) => Math.Max(0, Span.Begin((now - age).ToUnixTimeMilliseconds(), Span.HourLength));

        async Task DeleteAsync(PrunedTable table, long before)
        {
            while (await deletePage(table, before) == PrunedTable.PageSize)
            {
            }
        }
    }
}
