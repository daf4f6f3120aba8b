// Each test starts processes that want the machine to themselves.
[assembly: NonParallelizable]
