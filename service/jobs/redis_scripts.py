"""The Lua scripts of :mod:`service.jobs.redis_store`. The server
runs each as a whole or not at all.
"""

from __future__ import annotations

from service.jobs.model import ARTICLE_OVERHEAD, SCHEMA

# A server that has reached its `maxmemory` takes no new job: ADD, which lacks this flag, fails at
# its first write. Everything else runs, or accepted jobs would be stuck until something expires.
_EVEN_WHEN_FULL = "#!lua flags=allow-oom\n"

# job:ID       hash: the job                    article:ID:N  hash: its body, until it has ended
# outcomes:ID  list: four entries an outcome    progress:ID   hash: N to the share done, of running
# log:ID       list: tries of its webhook       key:DIGEST    the id of the job with an owner's key
# waiting, delayed, running   sorted sets of ID:N, by place, by when due, by the end of the lease
# deliveries, ended           sorted sets of ID, by when due, by when ended
# kept         hash: the bytes of `texts` that wait and run, and of `results`; those of a job's own
#              results are its field `bytes`; the `schema` of all this
_CONSTANTS = f"local OVERHEAD, SCHEMA = {ARTICLE_OVERHEAD}, {SCHEMA}"
NEWER = "NEWERSCHEMA"
_COMMON = """
local K = KEYS[1]
local schema = tonumber(redis.call('HGET', K .. 'kept', 'schema') or SCHEMA)
if schema > SCHEMA then return redis.error_reply('NEWERSCHEMA ' .. schema) end
local clock = redis.call('TIME')
local function after(seconds)
  return string.format('%.6f', clock[1] + clock[2] / 1000000 + seconds)
end
local now = after(0)
local function count(what, bytes)
  redis.call('HINCRBY', K .. 'kept', what, bytes)
end
local function count_result(id, bytes)
  count('results', bytes)
  redis.call('HINCRBY', K .. 'job:' .. id, 'bytes', bytes)
end
local function end_job(id)
  local job = K .. 'job:' .. id
  local had = redis.call('HMGET', job, 'done', 'failed', 'total', 'callback')
  if had[1] + had[2] < tonumber(had[3]) then return end
  redis.call('HSET', job, 'ended', now, 'status', tonumber(had[1]) > 0 and 'done' or 'failed')
  redis.call('ZADD', K .. 'ended', now, id)
  if had[4] ~= '' then
    redis.call('HSET', job, 'delivery', 'waiting')
    redis.call('ZADD', K .. 'deliveries', now, id)
  end
end
local function drop_article(id, n)
  local member = id .. ':' .. n
  local size = redis.call('HSTRLEN', K .. 'article:' .. member, 'body')
  local dropped = redis.call('DEL', K .. 'article:' .. member) == 1
  if dropped then count('texts', -size - OVERHEAD) end
  redis.call('HDEL', K .. 'progress:' .. id, n)
  for _, set in ipairs({'waiting', 'delayed', 'running'}) do
    redis.call('ZREM', K .. set, member)
  end
  return dropped
end
local function end_article(id, n, failed, content, name)
  redis.call('RPUSH', K .. 'outcomes:' .. id, n, failed, name, content)
  redis.call('HINCRBY', K .. 'job:' .. id, failed == '1' and 'failed' or 'done', 1)
  count_result(id, #content + OVERHEAD)
  drop_article(id, n)
end
local function take(member, until_)
  local article = K .. 'article:' .. member
  redis.call('ZREM', K .. 'waiting', member)
  redis.call('ZADD', K .. 'running', until_, member)
  redis.call('HINCRBY', article, 'attempt', 1)
  local id, n = string.match(member, '(.*):(.*)')
  if redis.call('HGET', K .. 'job:' .. id, 'status') == 'queued' then
    redis.call('HSET', K .. 'job:' .. id, 'status', 'running')
  end
  local had = redis.call('HMGET', article, 'attempt', 'body', 'tries', 'deaths')
  return {id, n, had[1], had[2], had[3], had[4]}
end
local function append(answer, parts)
  for _, part in ipairs(parts) do answer[#answer + 1] = part end
end
local function held(id, n, attempt)
  local member = id .. ':' .. n
  return redis.call('ZSCORE', K .. 'running', member)
    and redis.call('HGET', K .. 'article:' .. member, 'attempt') == attempt
end
local function wait(member)
  redis.call('ZADD', K .. 'waiting', redis.call('HGET', K .. 'article:' .. member, 'place'), member)
end
local function delete(id)
  local job = K .. 'job:' .. id
  local had = redis.call('HMGET', job, 'total', 'key', 'ended', 'bytes')
  if not had[1] then return end
  count('results', 0 - (had[4] or 0))
  if had[3] == '' then for n = 1, tonumber(had[1]) do drop_article(id, tostring(n)) end end
  if had[2] ~= '' then redis.call('DEL', K .. 'key:' .. had[2]) end
  redis.call('DEL', job, K .. 'outcomes:' .. id, K .. 'log:' .. id, K .. 'progress:' .. id)
  redis.call('ZREM', K .. 'ended', id)
  redis.call('ZREM', K .. 'deliveries', id)
end
"""
ADD = """
local id, limit, lease = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local kind, owner, key, digest, callback, spacing, most, size = unpack(ARGV, 4, 11)
if key ~= '' then
  local known = redis.call('GET', K .. 'key:' .. key)
  if known and known ~= id then return {'known', known} end
end
local total, fresh = (#ARGV - 11) / 3, 0
for n = 1, total do if ARGV[11 + 3 * n] == '' then fresh = fresh + 1 end end
local job, load = K .. 'job:' .. id, 0
if redis.call('EXISTS', job) == 1 then return {'new'} end
for _, set in ipairs({'waiting', 'delayed', 'running'}) do
  load = load + redis.call('ZCARD', K .. set)
end
local ended = redis.call('ZRANGE', K .. 'ended', 0, 0, 'WITHSCORES')
-- what an older version kept was not counted; with nothing left the counts are right again
if load == 0 and #ended == 0 then redis.call('HSET', K .. 'kept', 'texts', 0, 'results', 0) end
redis.call('HSET', K .. 'kept', 'schema', SCHEMA)
local kept = redis.call('HMGET', K .. 'kept', 'texts', 'results')
local texts, room = (kept[1] or 0) + size, tonumber(most)
local shortage = load + fresh > limit and 'articles' or texts > room and 'texts'
  or texts + (kept[2] or 0) > room and 'results'
if shortage then
  return {'full', shortage, ended[2] and string.format('%.6f', now - ended[2]) or ''}
end
redis.call('HSET', job, 'id', id, 'kind', kind, 'owner', owner, 'key', key, 'digest', digest,
  'status', 'queued', 'created', now, 'ended', '', 'total', total, 'done', 0, 'failed', 0,
  'callback', callback, 'delivery', 'none', 'attempt', 0)
if key ~= '' then redis.call('SET', K .. 'key:' .. key, id) end
local answer = {'new'}
for n = 1, total do
  local name, body, failure = unpack(ARGV, 9 + 3 * n, 11 + 3 * n)
  local member = id .. ':' .. n
  if failure ~= '' then
    end_article(id, tostring(n), '1', failure, name)
  else
    redis.call('HSET', K .. 'article:' .. member, 'name', name, 'body', body, 'attempt', 0,
      'place', after((n - 1) * spacing), 'tries', 0, 'deaths', 0)
    count('texts', #body + OVERHEAD)
    wait(member)
    if lease ~= '' then append(answer, take(member, after(lease))) end
  end
end
end_job(id)
return answer
"""
JOB = """
local id = ARGV[1]
local job = redis.call('HGETALL', K .. 'job:' .. id)
local progress = redis.call('HVALS', K .. 'progress:' .. id)
return {job, progress, redis.call('LRANGE', K .. 'log:' .. id, 0, -1)}
"""
CLAIM = """
local most, until_ = tonumber(ARGV[1]), after(ARGV[2])
for _, member in ipairs(redis.call('ZRANGEBYSCORE', K .. 'running', '-inf', now)) do
  redis.call('ZREM', K .. 'running', member)
  redis.call('HINCRBY', K .. 'article:' .. member, 'deaths', 1)
  local id, n = string.match(member, '(.*):(.*)')
  redis.call('HDEL', K .. 'progress:' .. id, n)
  wait(member)
end
for _, member in ipairs(redis.call('ZRANGEBYSCORE', K .. 'delayed', '-inf', now)) do
  redis.call('ZREM', K .. 'delayed', member)
  wait(member)
end
local answer = {}
for _, member in ipairs(redis.call('ZRANGE', K .. 'waiting', 0, most - 1)) do
  append(answer, take(member, until_))
end
return answer
"""
RENEW = """
local lost, until_ = {}, after(ARGV[1])
for at = 2, #ARGV, 4 do
  local id, n, attempt, progress = unpack(ARGV, at, at + 3)
  if held(id, n, attempt) then
    redis.call('ZADD', K .. 'running', until_, id .. ':' .. n)
    redis.call('HSET', K .. 'progress:' .. id, n, progress)
  else
    lost[#lost + 1] = (at - 2) / 4
  end
end
return lost
"""
FINISH = """
local id, n, attempt, failed, content = unpack(ARGV)
if not held(id, n, attempt) then return 0 end
end_article(id, n, failed, content, redis.call('HGET', K .. 'article:' .. id .. ':' .. n, 'name'))
end_job(id)
return 1
"""
RELEASE = """
local id, n, attempt, delay, failed = unpack(ARGV)
if not held(id, n, attempt) then return 0 end
local member = id .. ':' .. n
redis.call('ZREM', K .. 'running', member)
redis.call('HDEL', K .. 'progress:' .. id, n)
redis.call('HINCRBY', K .. 'article:' .. member, 'tries', failed)
redis.call('ZADD', K .. 'delayed', after(delay), member)
return 1
"""
CANCEL = """
local id = ARGV[1]
local job = K .. 'job:' .. id
local had = redis.call('HMGET', job, 'total', 'ended', 'key')
if not had[1] or had[2] ~= '' then return 0 end
for n = 1, tonumber(had[1]) do
  if drop_article(id, tostring(n)) then count_result(id, OVERHEAD) end
end
if had[3] ~= '' then redis.call('DEL', K .. 'key:' .. had[3]) end
redis.call('HSET', job, 'status', 'cancelled', 'ended', now, 'key', '')
redis.call('ZADD', K .. 'ended', now, id)
return 1
"""
DELETE = "delete(ARGV[1])"
EXPIRE = """
local before = '(' .. after(-ARGV[1])
local ids = redis.call('ZRANGEBYSCORE', K .. 'ended', '-inf', before, 'LIMIT', 0, ARGV[2])
for _, id in ipairs(ids) do delete(id) end
return #ids
"""
LOAD = """
local kept = redis.call('HMGET', K .. 'kept', 'texts', 'results')
return {redis.call('ZCARD', K .. 'waiting') + redis.call('ZCARD', K .. 'delayed'),
        redis.call('ZCARD', K .. 'running'), tonumber(kept[1] or 0), tonumber(kept[2] or 0)}
"""
CLAIM_DELIVERIES = """
local most, until_ = ARGV[1], after(ARGV[2])
local answer = {}
local due = redis.call('ZRANGEBYSCORE', K .. 'deliveries', '-inf', now, 'LIMIT', 0, most)
for _, id in ipairs(due) do
  redis.call('ZADD', K .. 'deliveries', until_, id)
  answer[#answer + 1] = {id, redis.call('HINCRBY', K .. 'job:' .. id, 'attempt', 1), now}
end
return answer
"""
SETTLE = """
local id, attempt, outcome, delivered, delay = unpack(ARGV)
local job = K .. 'job:' .. id
local had = redis.call('HMGET', job, 'delivery', 'attempt')
if not had[1] then return end
redis.call('RPUSH', K .. 'log:' .. id, '{"at":' .. now .. ',"outcome":' .. outcome .. '}')
if had[1] ~= 'waiting' or (delivered == '0' and had[2] ~= attempt) then return end
if delivered == '0' and delay ~= '' then
  redis.call('ZADD', K .. 'deliveries', after(delay), id)
  return
end
redis.call('HSET', job, 'delivery', delivered == '1' and 'delivered' or 'given_up')
redis.call('ZREM', K .. 'deliveries', id)
"""


def complete(script: str) -> str:
    """Return a script with its flags and with what all scripts share."""
    flags = "" if script is ADD else _EVEN_WHEN_FULL
    return f"{flags}{_CONSTANTS}{_COMMON}{script}"
