namespace RlhfV.Preferences;

/// <summary>One pass over a file.</summary>
internal sealed class ValidationRun
{
    private readonly string _path;
    private readonly ValidationOptions _options;
    private readonly PreferenceReadOptions _readOptions;
    private readonly IPreferenceFormat _format;
    private readonly List<ValidationProblem> _problems = [];
    private readonly HashSet<(string? Dataset, string Id)> _ids = [];
    private int _clean;
    private int _refused;

    public ValidationRun(string path, ValidationOptions options, PreferenceReadOptions readOptions)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = path;
        _options = options;
        _readOptions = readOptions;
        PreferenceFileHead.RequireFile(path);
        _format = readOptions.Format ?? PreferenceFormats.Detect(path);
    }

    public IEnumerable<ValidatedRow> Rows(CancellationToken cancellationToken)
    {
        var unreadable = new Queue<PreferenceDataException>();
        PreferenceReadOptions listening = _readOptions with
        {
            OnBadRow = problem =>
            {
                unreadable.Enqueue(problem);
                _readOptions.OnBadRow?.Invoke(problem);
            },
        };
        var source = new PreferenceSource(_path, listening);
        foreach (PreferenceExample example in _format.Read(source))
        {
            cancellationToken.ThrowIfCancellationRequested();
            long row = source.Row;
            while (unreadable.TryDequeue(out PreferenceDataException? problem))
                yield return Refuse(problem);
            yield return Judge(row, example);
        }

        while (unreadable.TryDequeue(out PreferenceDataException? problem))
            yield return Refuse(problem);
    }

    public ValidationReport ToReport() => new() { File = _path, Clean = _clean, Refused = _refused, Problems = [.. _problems] };

    private ValidatedRow Refuse(PreferenceDataException problem)
    {
        ValidationRule rule = problem.Column == "image" ? ValidationRule.BrokenPicture : ValidationRule.Unreadable;
        return Count(new ValidatedRow(problem.Row ?? 0, null, [new(_path, problem.Row ?? 0, problem.Column, rule, problem.Reason)]));
    }

    private ValidatedRow Judge(long row, PreferenceExample example)
    {
        var problems = ExampleChecks.Run(example, _options)
            .Select(found => new ValidationProblem(_path, row, found.Column, found.Rule, found.Reason))
            .ToList();
        if (example.Origin.Id is { } id && !_ids.Add((example.Origin.Dataset, id)))
            problems.Add(new(_path, row, "id", ValidationRule.DuplicateId, $"the id '{id}' occurred before."));
        problems.RemoveAll(problem => _options.Ignored.Contains(problem.Rule));
        return Count(new ValidatedRow(row, example, problems));
    }

    private ValidatedRow Count(ValidatedRow row)
    {
        _problems.AddRange(row.Problems);
        if (row.Problems.Count == 0)
            _clean++;
        else
            _refused++;
        return row;
    }
}
