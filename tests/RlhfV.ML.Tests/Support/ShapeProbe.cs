using Microsoft.ML;

namespace RlhfV.ML.Tests;

/// <summary>Gets hold of a schema's shape, which ML.NET alone can make: a chain hands it to each of its estimators.</summary>
internal sealed class ShapeProbe(ITransformer any) : IEstimator<ITransformer>
{
    private SchemaShape? _shape;

    public static SchemaShape Of(MLContext mlContext, IDataView data)
    {
        var any = mlContext.Transforms.CopyColumns("Copy", data.Schema[0].Name);
        var probe = new ShapeProbe(any.Fit(data));
        probe.Append(any).Fit(data);
        return probe._shape!;
    }

    public ITransformer Fit(IDataView input) => any;

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _shape = inputSchema;
}
