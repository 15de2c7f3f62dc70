<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en_GB">
<context>
    <name>AttractPage</name>
    <message>
        <source>Touch to begin</source>
        <translation>轻触屏幕开始</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>欢迎光临</translation>
    </message>
    <message>
        <source>Each light is somebody here now. Nobody is recognised.</source>
        <translation>每个光点是此刻在场的一位访客，不识别任何人的身份。</translation>
    </message>
    <message>
        <source>What this device sees</source>
        <translation>这台设备看到什么</translation>
    </message>
</context>
<context>
    <name>BeginBar</name>
    <message>
        <source>Touch to begin</source>
        <translation>轻触屏幕开始</translation>
    </message>
</context>
<context>
    <name>BottomBar</name>
    <message>
        <source>What this device sees</source>
        <translation>这台设备看到什么</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>放大文字</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>Everything within reach</source>
        <translation>全部移到下方</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>CouponCard</name>
    <message>
        <source>%1, today until %2, once</source>
        <translation>%1 · 今天 %2 前有效，限用一次</translation>
    </message>
</context>
<context>
    <name>EstimateBars</name>
    <message>
        <source>Age %1</source>
        <translation>年龄 %1</translation>
    </message>
    <message>
        <source>Looks female</source>
        <translation>看似女性</translation>
    </message>
    <message>
        <source>Looks male</source>
        <translation>看似男性</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
</context>
<context>
    <name>FactStrip</name>
    <message>
        <source>Quiet</source>
        <translation>清静</translation>
    </message>
    <message>
        <source>Lively</source>
        <translation>热闹</translation>
    </message>
    <message>
        <source>Busy</source>
        <translation>繁忙</translation>
    </message>
    <message>
        <source>Right now</source>
        <translation>此刻</translation>
    </message>
    <message>
        <source>Visitors today</source>
        <translation>今日客流</translation>
    </message>
    <message>
        <source>Opening hours</source>
        <translation>营业时间</translation>
    </message>
</context>
<context>
    <name>FloorMap</name>
    <message>
        <source>Floor plan</source>
        <translation>楼层平面图</translation>
    </message>
    <message>
        <source>Floor plan, %1</source>
        <translation>%1平面图</translation>
    </message>
    <message>
        <source>%1, closed</source>
        <translation>%1，暂停使用</translation>
    </message>
</context>
<context>
    <name>GarmentCard</name>
    <message>
        <source>%1: sizes, colours, details</source>
        <translation>%1：尺码、颜色与详情</translation>
    </message>
    <message>
        <source>%1, size %2</source>
        <translation>%1，%2 码</translation>
    </message>
    <message>
        <source>Size %1</source>
        <translation>%1 码</translation>
    </message>
    <message>
        <source>Sizes and colours</source>
        <translation>尺码与颜色</translation>
    </message>
    <message>
        <source>%1: sizes and colours</source>
        <translation>%1：尺码与颜色</translation>
    </message>
    <message>
        <source>Not mine</source>
        <translation>不是我的</translation>
    </message>
    <message>
        <source>%1: not mine</source>
        <translation>%1：不是我的</translation>
    </message>
</context>
<context>
    <name>IdeaCard</name>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>what you are looking for</source>
        <translation>正是您要找的</translation>
    </message>
    <message>
        <source>you chose %1</source>
        <translation>您选择了“%1”</translation>
    </message>
    <message>
        <source>goes with your visit to %1</source>
        <translation>与您逛过的%1相配</translation>
    </message>
    <message>
        <source>liked by visitors like you</source>
        <translation>与您相似的顾客也喜欢</translation>
    </message>
    <message>
        <source>popular at this hour</source>
        <translation>这个时段受欢迎</translation>
    </message>
    <message>
        <source>%1&#xa0;min away</source>
        <translation>步行 %1 分钟</translation>
    </message>
    <message>
        <source>closes in %1&#xa0;min</source>
        <translation>%1 分钟后打烊</translation>
    </message>
    <message>
        <source>quiet now</source>
        <translation>现在人少</translation>
    </message>
    <message>
        <source>Why: %1</source>
        <translation>理由：%1</translation>
    </message>
    <message>
        <source>Not for me</source>
        <translation>不适合我</translation>
    </message>
    <message>
        <source>Not for me: %1</source>
        <translation>不适合我：%1</translation>
    </message>
</context>
<context>
    <name>IdeasChoice</name>
    <message>
        <source>Nobody is in view just now.</source>
        <translation>现在画面中没有人。</translation>
    </message>
    <message>
        <source>No camera is looking just now.</source>
        <translation>现在没有摄像头在看。</translation>
    </message>
    <message>
        <source>This is what this screen sees: figures, no pictures.</source>
        <translation>这就是屏幕看到的：只有人形，没有照片。</translation>
    </message>
    <message>
        <source>This is what this screen sees: figures, no pictures. Ideas make no use of it here.</source>
        <translation>这就是屏幕看到的：只有人形，没有照片。此处的推荐不会用到它。</translation>
    </message>
    <message>
        <source>May this screen use what it sees?</source>
        <translation>可以使用屏幕看到的信息吗？</translation>
    </message>
    <message>
        <source>Would you like to tap what you like?</source>
        <translation>想点选您喜欢的吗？</translation>
    </message>
    <message>
        <source>Use what this screen sees</source>
        <translation>使用屏幕看到的信息</translation>
    </message>
    <message>
        <source>Age band, female or male, as estimated, and this visit&apos;s stores: now, kept nowhere. End it at any time.</source>
        <translation>此刻估计的年龄段与性别外观，以及您本次到过的店铺；不作任何保存，您随时可以停止。</translation>
    </message>
    <message>
        <source>The stores you were seen in on this visit: now, kept nowhere. End it at any time.</source>
        <translation>仅此刻用到您本次到过的店铺；不作任何保存，您随时可以停止。</translation>
    </message>
    <message>
        <source>Only while it sees one person here. Just now it sees nobody.</source>
        <translation>只在屏幕前仅有一人时可用。现在没有看到人。</translation>
    </message>
    <message>
        <source>Only while it sees one person here. Just now there are several.</source>
        <translation>只在屏幕前仅有一人时可用。现在有好几位。</translation>
    </message>
    <message>
        <source>Choose for myself</source>
        <translation>我自己选</translation>
    </message>
    <message>
        <source>Tap a few interests. The camera plays no part.</source>
        <translation>点选几项兴趣，与摄像头无关。</translation>
    </message>
    <message>
        <source>No thanks</source>
        <translation>不用了</translation>
    </message>
    <message>
        <source>Popular places and the same offers, without any of it.</source>
        <translation>热门去处和同样的优惠，不使用任何信息。</translation>
    </message>
</context>
<context>
    <name>IdeasPage</name>
    <message>
        <source>This screen sees nobody here now, so these are ideas for everybody.</source>
        <translation>屏幕现在没有看到人，以下是给所有人的推荐。</translation>
    </message>
    <message>
        <source>Several people are here, so nothing personal is shown.</source>
        <translation>这里有好几位顾客，因此不显示任何个人化内容。</translation>
    </message>
    <message>
        <source>These are ideas for everybody: no estimate is used of young visitors.</source>
        <translation>以下是给所有人的推荐：对年轻顾客不做任何估计。</translation>
    </message>
    <message>
        <source>This screen cannot tell that it is still you, so these are ideas for everybody.</source>
        <translation>屏幕无法确定还是您本人，以下是给所有人的推荐。</translation>
    </message>
    <message>
        <source>Ideas for me</source>
        <translation>为我推荐</translation>
    </message>
    <message>
        <source>You choose what they are made of.</source>
        <translation>依据什么，由您决定。</translation>
    </message>
    <message>
        <source>Tap what you like, up to five.</source>
        <translation>点选您感兴趣的，最多五项。</translation>
    </message>
    <message>
        <source>Made anew by what this screen now sees of you</source>
        <translation>已依据屏幕此刻看到的您重新推荐</translation>
    </message>
    <message>
        <source>By what this screen sees of you now</source>
        <translation>依据屏幕此刻看到的您</translation>
    </message>
    <message>
        <source>By what you tapped</source>
        <translation>依据您点选的兴趣</translation>
    </message>
    <message>
        <source>By the hour, the way and what is popular</source>
        <translation>依据时段、路程和人气</translation>
    </message>
    <message>
        <source>Show me ideas</source>
        <translation>给我推荐</translation>
    </message>
    <message>
        <source>This screen now sees more: new ideas</source>
        <translation>屏幕有了新的估计：查看新推荐</translation>
    </message>
    <message>
        <source>Ideas cannot be had just now. Find a store still works.</source>
        <translation>暂时无法推荐，查找店铺仍可使用。</translation>
    </message>
</context>
<context>
    <name>IdeasWishes</name>
    <message>
        <source>I am looking for …</source>
        <translation>我在找……</translation>
    </message>
    <message>
        <source>Choose again</source>
        <translation>重新选择</translation>
    </message>
    <message>
        <source>Take it with you</source>
        <translation>带走</translation>
    </message>
</context>
<context>
    <name>IdlePage</name>
    <message>
        <source>Good morning</source>
        <translation>早上好</translation>
    </message>
    <message>
        <source>Good afternoon</source>
        <translation>下午好</translation>
    </message>
    <message>
        <source>Good evening</source>
        <translation>晚上好</translation>
    </message>
    <message>
        <source>Welcome to %1.</source>
        <translation>欢迎光临%1。</translation>
    </message>
    <message>
        <source>Show my items again</source>
        <translation>重新显示我的商品</translation>
    </message>
</context>
<context>
    <name>ItemPage</name>
    <message>
        <source>Hand wash</source>
        <translation>手洗</translation>
    </message>
    <message>
        <source>Wash at 30 °C</source>
        <translation>30°C 水洗</translation>
    </message>
    <message>
        <source>Wash at 40 °C</source>
        <translation>40°C 水洗</translation>
    </message>
    <message>
        <source>Do not wash</source>
        <translation>不可水洗</translation>
    </message>
    <message>
        <source>Do not bleach</source>
        <translation>不可漂白</translation>
    </message>
    <message>
        <source>Do not tumble dry</source>
        <translation>不可烘干</translation>
    </message>
    <message>
        <source>Tumble dry low</source>
        <translation>低温烘干</translation>
    </message>
    <message>
        <source>Dry flat</source>
        <translation>平铺晾干</translation>
    </message>
    <message>
        <source>Cool iron</source>
        <translation>低温熨烫</translation>
    </message>
    <message>
        <source>Warm iron</source>
        <translation>中温熨烫</translation>
    </message>
    <message>
        <source>Do not iron</source>
        <translation>不可熨烫</translation>
    </message>
    <message>
        <source>Dry clean</source>
        <translation>干洗</translation>
    </message>
    <message>
        <source>Wipe with a damp cloth</source>
        <translation>用湿布擦拭</translation>
    </message>
    <message>
        <source>Ask the staff whether it is here</source>
        <translation>是否有货请咨询店员</translation>
    </message>
    <message>
        <source>Not here at the moment</source>
        <translation>本店暂时缺货</translation>
    </message>
    <message>
        <source>One left here</source>
        <translation>本店仅剩一件</translation>
    </message>
    <message>
        <source>%1 here</source>
        <translation>本店有 %1 件</translation>
    </message>
    <message>
        <source>This cannot be looked up at the moment</source>
        <translation>暂时无法查询</translation>
    </message>
    <message>
        <source>Size %1, not here</source>
        <translation>%1 码，本店缺货</translation>
    </message>
    <message>
        <source>Size %1</source>
        <translation>%1 码</translation>
    </message>
    <message>
        <source>Bring it to me</source>
        <translation>请拿给我</translation>
    </message>
    <message>
        <source>Bring me size %1</source>
        <translation>请拿 %1 码给我</translation>
    </message>
    <message>
        <source>On your list</source>
        <translation>已在清单中</translation>
    </message>
    <message>
        <source>Add to my list</source>
        <translation>加入清单</translation>
    </message>
    <message>
        <source>In our other shops</source>
        <translation>其他门店</translation>
    </message>
    <message>
        <source>None of this size and colour</source>
        <translation>其他门店也没有此尺码和颜色</translation>
    </message>
    <message>
        <source>%1: %2 there</source>
        <translation>%1：%2 件</translation>
    </message>
    <message>
        <source>%1, %2 min on foot</source>
        <translation>%1，步行 %2 分钟</translation>
    </message>
    <message>
        <source>Material and care</source>
        <translation>面料与洗护</translation>
    </message>
    <message>
        <source>Goes well with</source>
        <translation>适合搭配</translation>
    </message>
</context>
<context>
    <name>ItemsPage</name>
    <message>
        <source>Your item</source>
        <translation>您的商品</translation>
    </message>
    <message>
        <source>Your items</source>
        <translation>您的商品</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>另有 %1 件</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>放大文字</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>Complete the look</source>
        <translation>搭配建议</translation>
    </message>
    <message>
        <source>Call somebody</source>
        <translation>呼叫店员</translation>
    </message>
    <message>
        <source>Take the list with you</source>
        <translation>带走清单</translation>
    </message>
    <message>
        <source>I am done</source>
        <translation>我选好了</translation>
    </message>
</context>
<context>
    <name>KeepPage</name>
    <message>
        <source>Take the list with you</source>
        <translation>带走清单</translation>
    </message>
    <message>
        <source>QR code with your list</source>
        <translation>包含清单的二维码</translation>
    </message>
    <message>
        <source>Point your phone&apos;s camera at the code.</source>
        <translation>请用手机相机扫描二维码。</translation>
    </message>
    <message>
        <source>It opens a page with your list: where it is in stock, and what goes with it. No account, no app. Nothing of it stays here.</source>
        <translation>打开即可查看清单、有货门店与搭配建议。无需账号或应用，这里不会留下任何内容。</translation>
    </message>
    <message>
        <source>The list with sizes is in the code itself: no account, no app, no address. Nothing of it stays here.</source>
        <translation>含尺码的清单就在二维码里：无需账号、应用或网址，这里不会留下任何内容。</translation>
    </message>
</context>
<context>
    <name>Keyboard</name>
    <message>
        <source>Keyboard</source>
        <translation>键盘</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Tone %1</source>
        <translation>第 %1 声</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清空</translation>
    </message>
</context>
<context>
    <name>LeavingPage</name>
    <message>
        <source>The fit</source>
        <translation>版型</translation>
    </message>
    <message>
        <source>The price</source>
        <translation>价格</translation>
    </message>
    <message>
        <source>The colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Something else</source>
        <translation>其他原因</translation>
    </message>
    <message>
        <source>Thank you, that helps us.</source>
        <translation>谢谢，这对我们很有帮助。</translation>
    </message>
    <message>
        <source>Thank you for your visit</source>
        <translation>感谢您的光临</translation>
    </message>
    <message>
        <source>What was shown here has been wiped.</source>
        <translation>这里显示过的内容已全部清除。</translation>
    </message>
    <message>
        <source>Not taking something? If you like, tell us why with one tap. What was shown here has been wiped.</source>
        <translation>有没带走的商品吗？如果愿意，请点一下告诉我们原因。这里显示过的内容已全部清除。</translation>
    </message>
    <message>
        <source>Rather not say</source>
        <translation>不想回答</translation>
    </message>
</context>
<context>
    <name>LookPage</name>
    <message>
        <source>Often tried on together</source>
        <translation>常被一起试穿</translation>
    </message>
    <message>
        <source>Picked by our stylists</source>
        <translation>造型师之选</translation>
    </message>
    <message>
        <source>The colours go well together</source>
        <translation>颜色相得益彰</translation>
    </message>
    <message>
        <source>Liked by many</source>
        <translation>很受欢迎</translation>
    </message>
    <message>
        <source>Liked by many at this hour</source>
        <translation>此时段很受欢迎</translation>
    </message>
    <message>
        <source>All of it is here now</source>
        <translation>全部现货</translation>
    </message>
    <message>
        <source>Complete the look</source>
        <translation>搭配建议</translation>
    </message>
    <message>
        <source>Looks cannot be put together at the moment</source>
        <translation>暂时无法提供搭配建议</translation>
    </message>
    <message>
        <source>We have no look for this yet; please ask our staff</source>
        <translation>暂无搭配建议，请咨询店员</translation>
    </message>
    <message>
        <source>Put together for what you have with you</source>
        <translation>为您手中的商品搭配</translation>
    </message>
    <message>
        <source>Everything is here</source>
        <translation>全部有货</translation>
    </message>
    <message>
        <source>Part of it is not here at the moment</source>
        <translation>部分商品暂时缺货</translation>
    </message>
    <message>
        <source>Yours</source>
        <translation>您的</translation>
    </message>
    <message>
        <source>Not here</source>
        <translation>缺货</translation>
    </message>
    <message>
        <source>%1 for what is new</source>
        <translation>新增商品共 %1</translation>
    </message>
    <message>
        <source>Bring it to me</source>
        <translation>请拿给我</translation>
    </message>
    <message>
        <source>Bring all of it to me</source>
        <translation>请全部拿给我</translation>
    </message>
    <message>
        <source>Look before</source>
        <translation>上一套搭配</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>第 %1 套，共 %2 套</translation>
    </message>
    <message>
        <source>Next look</source>
        <translation>下一套搭配</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>Promenade kiosk</source>
        <translation>Promenade 导览屏</translation>
    </message>
    <message>
        <source>Promenade mirror</source>
        <translation>Promenade 智能镜</translation>
    </message>
</context>
<context>
    <name>OpeningLine</name>
    <message>
        <source>Open until %1</source>
        <translation>营业至 %1</translation>
    </message>
    <message>
        <source>Open day and night</source>
        <translation>全天营业</translation>
    </message>
    <message>
        <source>Closing soon, at %1</source>
        <translation>即将打烊，%1 关门</translation>
    </message>
    <message>
        <source>Closed, open tomorrow at %1</source>
        <translation>今日已打烊，明日 %1 开门</translation>
    </message>
    <message>
        <source>Closed, opens at %1</source>
        <translation>尚未营业，%1 开门</translation>
    </message>
</context>
<context>
    <name>OperatorPin</name>
    <message>
        <source>Operator&apos;s PIN</source>
        <translation>管理员密码</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>That did not end this screen. Wait a little, or set a PIN.</source>
        <translation>未能结束此屏幕。请稍候再试，或先设置密码。</translation>
    </message>
    <message>
        <source>The service does not answer.</source>
        <translation>服务没有响应。</translation>
    </message>
    <message>
        <source>One moment …</source>
        <translation>请稍候…</translation>
    </message>
    <message>
        <source>Back to the screen</source>
        <translation>返回屏幕</translation>
    </message>
    <message>
        <source>End this screen</source>
        <translation>结束此屏幕</translation>
    </message>
</context>
<context>
    <name>PageHead</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>PageTop</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>ProgrammeLine</name>
    <message>
        <source>On now</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>即将开始</translation>
    </message>
</context>
<context>
    <name>ProgrammeList</name>
    <message>
        <source>On today</source>
        <translation>今日活动</translation>
    </message>
    <message>
        <source>That was all for today. See you tomorrow.</source>
        <translation>今日活动已全部结束，明天见。</translation>
    </message>
</context>
<context>
    <name>ProgrammePage</name>
    <message>
        <source>What is on</source>
        <translation>今日活动</translation>
    </message>
    <message>
        <source>Offers in the stores</source>
        <translation>店铺优惠</translation>
    </message>
</context>
<context>
    <name>Receipt</name>
    <message>
        <source>You have been forgotten.</source>
        <translation>您已被忘记。</translation>
    </message>
    <message>
        <source>There was nothing to forget.</source>
        <translation>没有需要忘记的内容。</translation>
    </message>
    <message>
        <source>At %1</source>
        <translation>时间 %1</translation>
    </message>
    <message>
        <source>Receipt %1, at %2</source>
        <translation>回执 %1，时间 %2</translation>
    </message>
    <message>
        <source>Tracks deleted: %1</source>
        <translation>已删除轨迹：%1</translation>
    </message>
    <message>
        <source>Descriptions of appearance deleted: %1</source>
        <translation>已删除外观特征：%1</translation>
    </message>
    <message>
        <source>Open visits deleted: %1</source>
        <translation>已删除进行中的到访：%1</translation>
    </message>
    <message>
        <source>Estimates, choices and this session: deleted</source>
        <translation>估计、选择和本次会话：已删除</translation>
    </message>
    <message>
        <source>Totals in which nobody can be found stay. While you are in view, the camera sees you as somebody new.</source>
        <translation>无法辨认任何人的总数会保留。只要您还在画面中，摄像头会把您当作新来的人。</translation>
    </message>
</context>
<context>
    <name>RequestStrip</name>
    <message>
        <source>The staff cannot be reached from here; please ask at the till</source>
        <translation>暂时联系不上店员，请到收银台咨询</translation>
    </message>
</context>
<context>
    <name>RequestWords</name>
    <message>
        <source>Somebody to help you</source>
        <translation>店员协助</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>The staff has been told</source>
        <translation>已通知店员</translation>
    </message>
    <message>
        <source>Coming in %1</source>
        <translation>%1 后送到</translation>
    </message>
    <message>
        <source>Somebody is looking for it</source>
        <translation>店员正在为您寻找</translation>
    </message>
    <message>
        <source>On the way, here in %1</source>
        <translation>正在送来，还需 %1</translation>
    </message>
    <message>
        <source>On the way, here any moment</source>
        <translation>正在送来，马上就到</translation>
    </message>
    <message>
        <source>Here you are</source>
        <translation>已为您送到</translation>
    </message>
    <message>
        <source>Nobody is free at the moment; please ask at the till</source>
        <translation>店员暂时都在忙，请到收银台咨询</translation>
    </message>
    <message>
        <source>Sorry, it is not in stock</source>
        <translation>抱歉，暂时没有库存</translation>
    </message>
    <message>
        <source>Sorry, everybody is busy just now</source>
        <translation>抱歉，店员正忙</translation>
    </message>
    <message>
        <source>Please ask at the till</source>
        <translation>请到收银台咨询</translation>
    </message>
</context>
<context>
    <name>RoutePage</name>
    <message>
        <source>%1 min, %2 m on foot</source>
        <translation>%1 分钟，步行 %2 米</translation>
    </message>
    <message>
        <source>Walking</source>
        <translation>步行</translation>
    </message>
    <message>
        <source>Step-free</source>
        <translation>无障碍</translation>
    </message>
    <message>
        <source>Stroller</source>
        <translation>婴儿车</translation>
    </message>
    <message>
        <source>Take it with you</source>
        <translation>带走</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Store, brand or thing you need</source>
        <translation>店名、拼音或想买的东西</translation>
    </message>
</context>
<context>
    <name>SeesPage</name>
    <message>
        <source>Nothing at this moment: nobody is seen here.</source>
        <translation>此刻没有：屏幕前没有看到人。</translation>
    </message>
    <message>
        <source>Nothing at this moment: several people are here.</source>
        <translation>此刻没有：这里有好几位顾客。</translation>
    </message>
    <message>
        <source>Nothing: no estimate is used of young visitors.</source>
        <translation>没有：对年轻顾客不做任何估计。</translation>
    </message>
    <message>
        <source>Nothing: this screen cannot tell that it is still you.</source>
        <translation>没有：屏幕无法确定还是您本人。</translation>
    </message>
    <message>
        <source>Forgotten</source>
        <translation>已忘记</translation>
    </message>
    <message>
        <source>What this device sees</source>
        <translation>这台设备看到什么</translation>
    </message>
    <message>
        <source>Your receipt</source>
        <translation>您的回执</translation>
    </message>
    <message>
        <source>Now, drawn. There is no picture of you here.</source>
        <translation>此刻的画面，只有线条，没有您的照片。</translation>
    </message>
    <message>
        <source>Nobody is in view just now.</source>
        <translation>现在画面中没有人。</translation>
    </message>
    <message>
        <source>Nothing. Estimates are used only after you choose it under Ideas for me.</source>
        <translation>没有。只有您在“为我推荐”中选择后，才会使用估计。</translation>
    </message>
    <message>
        <source>Nothing. Using what is seen of visitors for ideas is switched off here.</source>
        <translation>没有。此处已关闭用屏幕看到的信息做推荐的功能。</translation>
    </message>
    <message>
        <source>Nothing. Estimates of visitors are switched off here; the stores of your visit are used only after you choose it under Ideas for me.</source>
        <translation>没有。此处已关闭对顾客的估计；只有您在“为我推荐”中选择后，才会用到您本次到过的店铺。</translation>
    </message>
    <message>
        <source>Nothing yet: nothing about you could be estimated.</source>
        <translation>还没有：尚未能估计出任何信息。</translation>
    </message>
    <message>
        <source>Nothing yet: estimates of visitors are switched off here, and no store of your visit is known.</source>
        <translation>暂时没有：此处已关闭对顾客的估计，也不知道您本次到过哪些店铺。</translation>
    </message>
    <message>
        <source>No camera is looking just now.</source>
        <translation>现在没有摄像头在看。</translation>
    </message>
    <message>
        <source>Camera %1</source>
        <translation>摄像头 %1</translation>
    </message>
    <message>
        <source>1 person in view</source>
        <translation>画面中有 1 人</translation>
    </message>
    <message>
        <source>%1 people in view</source>
        <translation>画面中有 %1 人</translation>
    </message>
    <message>
        <source>1 before this screen, in colour</source>
        <translation>屏幕前有 1 人，以彩色标出</translation>
    </message>
    <message>
        <source>%1 before this screen, in colour</source>
        <translation>屏幕前有 %1 人，以彩色标出</translation>
    </message>
    <message>
        <source>What is used of you now</source>
        <translation>此刻使用的信息</translation>
    </message>
    <message>
        <source>Seen in this visit: %1</source>
        <translation>本次到访去过：%1</translation>
    </message>
    <message>
        <source>Estimates of visitors are switched off here.</source>
        <translation>此处已关闭对顾客的估计。</translation>
    </message>
    <message>
        <source>Pictures live for a moment in this computer&apos;s memory. None is stored, none is sent.</source>
        <translation>画面只在本机内存中停留片刻，不存储，也不发送。</translation>
    </message>
    <message>
        <source>What tells you from others is forgotten %1 minutes after you were last seen; estimates, when you leave this screen.</source>
        <translation>用来区分您与他人的特征，在最后一次看到您 %1 分钟后忘记；估计则在您离开屏幕时忘记。</translation>
    </message>
    <message>
        <source>What you look like is never remembered: recognising people is switched off here.</source>
        <translation>从不记住您的外貌：此处已关闭识别功能。</translation>
    </message>
    <message>
        <source>The mall keeps totals only. Groups of fewer than %1 are never told. No name, no face, no emotion.</source>
        <translation>商场只保留总数，少于 %1 人的群体从不公布。不记姓名，不认面孔，不判断情绪。</translation>
    </message>
    <message>
        <source>That did not work: the service does not answer. Please try again, or ask at the information.</source>
        <translation>未能完成：服务没有响应。请再试一次，或到服务台询问。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop using what this screen sees</source>
        <translation>停止使用屏幕看到的信息</translation>
    </message>
    <message>
        <source>Forget me</source>
        <translation>忘记我</translation>
    </message>
</context>
<context>
    <name>SiteHeader</name>
    <message>
        <source>Welcome</source>
        <translation>欢迎光临</translation>
    </message>
</context>
<context>
    <name>StaffPage</name>
    <message>
        <source>Our staff</source>
        <translation>我们的店员</translation>
    </message>
    <message>
        <source>The staff cannot be reached from here; please ask at the till</source>
        <translation>暂时联系不上店员，请到收银台咨询</translation>
    </message>
    <message>
        <source>Nothing is being waited for</source>
        <translation>目前没有等待中的请求</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>好的</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>The live view will be here in a moment</source>
        <translation>实时画面即将显示</translation>
    </message>
    <message>
        <source>Live view paused, as of %1</source>
        <translation>实时画面已暂停，截至 %1</translation>
    </message>
</context>
<context>
    <name>StepList</name>
    <message>
        <source>The way in words</source>
        <translation>文字路线</translation>
    </message>
    <message>
        <source>Finding the way …</source>
        <translation>正在查找路线……</translation>
    </message>
    <message>
        <source>There is no such way just now. Try another way to go.</source>
        <translation>目前没有这样的路线，请换一种方式。</translation>
    </message>
    <message>
        <source>The way will be here in a moment. Please try again.</source>
        <translation>路线马上就好，请再试一次。</translation>
    </message>
</context>
<context>
    <name>StillThere</name>
    <message>
        <source>Still there?</source>
        <translation>您还在吗？</translation>
    </message>
    <message>
        <source>This screen starts afresh in %1 s.</source>
        <translation>%1 秒后屏幕将重新开始。</translation>
    </message>
    <message>
        <source>I am still here</source>
        <translation>我还在</translation>
    </message>
</context>
<context>
    <name>StoreLine</name>
    <message>
        <source>Open until %1</source>
        <translation>营业至 %1</translation>
    </message>
    <message>
        <source>Closing soon, at %1</source>
        <translation>即将打烊，%1</translation>
    </message>
    <message>
        <source>Closed, opens at %1</source>
        <translation>已打烊，%1 开门</translation>
    </message>
    <message>
        <source>Open day and night</source>
        <translation>全天营业</translation>
    </message>
    <message>
        <source>Closed for now: %1</source>
        <translation>暂停开放：%1</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
</context>
<context>
    <name>StorePage</name>
    <message>
        <source>Quiet</source>
        <translation>清静</translation>
    </message>
    <message>
        <source>Lively</source>
        <translation>热闹</translation>
    </message>
    <message>
        <source>Busy</source>
        <translation>拥挤</translation>
    </message>
    <message>
        <source>Open until %1</source>
        <translation>营业至 %1</translation>
    </message>
    <message>
        <source>Closing soon, at %1</source>
        <translation>即将打烊，%1</translation>
    </message>
    <message>
        <source>Closed, opens at %1</source>
        <translation>已打烊，%1 开门</translation>
    </message>
    <message>
        <source>Open day and night</source>
        <translation>全天营业</translation>
    </message>
    <message>
        <source>Closed for now: %1</source>
        <translation>暂停开放：%1</translation>
    </message>
    <message>
        <source>Hours today</source>
        <translation>今日营业</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Where, door %1</source>
        <translation>位置，%1 号铺</translation>
    </message>
    <message>
        <source>Walk</source>
        <translation>步行</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>At its door</source>
        <translation>门前现在</translation>
    </message>
    <message>
        <source>Take me there</source>
        <translation>带我去</translation>
    </message>
</context>
<context>
    <name>StoresPage</name>
    <message>
        <source>Find a store</source>
        <translation>查找店铺</translation>
    </message>
    <message>
        <source>%1 found</source>
        <translation>找到 %1 项</translation>
    </message>
    <message>
        <source>Nothing is called like that here. Try fewer letters, or a category.</source>
        <translation>没有找到。请少输几个字母，或选择类别。</translation>
    </message>
</context>
<context>
    <name>TakeHomePage</name>
    <message>
        <source>Take it with you</source>
        <translation>带走</translation>
    </message>
    <message>
        <source>Point your phone&apos;s camera at the code.</source>
        <translation>请用手机相机扫描二维码。</translation>
    </message>
    <message>
        <source>QR code with the way and the coupon</source>
        <translation>含路线和优惠券的二维码</translation>
    </message>
    <message>
        <source>The code cannot be made just now. Please try again in a moment.</source>
        <translation>暂时无法生成二维码，请稍后再试。</translation>
    </message>
    <message>
        <source>The way to %1, %2 min</source>
        <translation>去%1的路，%2 分钟</translation>
    </message>
    <message>
        <source>Everything is in the code itself: no app, no account, no address.</source>
        <translation>一切都在二维码里：无需应用，无需账号，不含网址。</translation>
    </message>
    <message>
        <source>Everything is in the code itself: no app, no account, no address. Show it at the till; it is good for one purchase.</source>
        <translation>一切都在二维码里：无需应用，无需账号，不含网址。结账时出示，可用一次。</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Welcome to %1</source>
        <translation>欢迎光临%1</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>欢迎光临</translation>
    </message>
    <message>
        <source>Each light is somebody here now. Nobody is recognised.</source>
        <translation>每个光点是此刻在场的一位访客，不识别任何人的身份。</translation>
    </message>
    <message>
        <source>Plan only: no camera looks at this floor.</source>
        <translation>仅平面图：本层没有摄像头。</translation>
    </message>
    <message>
        <source>Find a store</source>
        <translation>查找店铺</translation>
    </message>
    <message>
        <source>%1 stores, cafés and more</source>
        <translation>%1 家店铺、餐饮及更多</translation>
    </message>
    <message>
        <source>Ideas for me</source>
        <translation>为我推荐</translation>
    </message>
    <message>
        <source>You choose from what</source>
        <translation>依据什么由您定</translation>
    </message>
    <message>
        <source>What is on</source>
        <translation>今日活动</translation>
    </message>
</context>
<context>
    <name>YouAreHere</name>
    <message>
        <source>You are here</source>
        <translation>您在此处</translation>
    </message>
</context>
</TS>
